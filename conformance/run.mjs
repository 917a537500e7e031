// Runs the official conformance suite against a running Claviger and prints one table. Exit status 0 only when every
// scenario passed, without failures and without warnings.
//
//   run.mjs DIR [scenario]   DIR takes the suite's results; with a scenario only that one, verbosely

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const suite = join(here, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
const adapter = join(here, 'adapter.mjs');
const [results, only] = process.argv.slice(2);

// Scenarios of the extensions that Claviger speaks; the suite runs them at its newest revision.
const EXTENSIONS = [
  'auth/client-credentials-basic',
  'auth/client-credentials-jwt',
  'auth/enterprise-managed-authorization',
];

const RUNS = [
  { title: 'MCP 2025-11-25, required', flags: ['--requirements', '2025-11-25'], requirements: '2025-11-25' },
  { title: 'MCP 2026-07-28, required', flags: ['--requirements', '2026-07-28'], requirements: '2026-07-28' },
  { title: 'MCP 2025-03-26, backcompat', flags: ['--suite', 'backcompat'] },
  ...EXTENSIONS.map((scenario) => ({ title: 'extensions', flags: ['--scenario', scenario] })),
  { title: 'not scored', flags: ['--scenario', 'json-schema-2020-12-preservation'] },
];

/** The suite needs Node 22; npm brings one where this one is older. */
function node() {
  const brought = join(here, `node_modules/node-linux-${process.arch}/bin/node`);
  return Number(process.versions.node.split('.')[0]) >= 22 || !existsSync(brought) ? process.execPath : brought;
}

function conformance(flags, directory) {
  const command = `"${node()}" "${adapter}"`;
  return suiteSays(['client', '--command', command, '--timeout', '60000', '-o', directory, ...flags]);
}

/** The client scenarios a revision requires. A run of its requirements also tries others, which it does not count. */
async function required(revision) {
  const { output } = await suiteSays(['list', '--requirements', revision]);
  const scenarios = [...output.split('Client scenarios')[1].matchAll(/^ {2}- (\S+)$/gm)].map(([, name]) => name);
  if (scenarios.length === 0) {
    throw new Error(`The suite names no client scenario that ${revision} requires:\n${output}`);
  }
  return scenarios;
}

function suiteSays(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(node(), [suite, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, output }));
  });
}

/** What the suite checked, by scenario; it keeps one folder for each. */
async function verdicts(directory) {
  const found = new Map();
  for (const entry of (await readdir(directory, { recursive: true })).sort()) {
    if (entry.endsWith('checks.json')) {
      const scenario = dirname(entry).replace(/^client-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
      found.set(scenario, JSON.parse(await readFile(join(directory, entry), 'utf8')));
    }
  }
  return found;
}

const count = (checks, status) => checks.filter((check) => check.status === status).length;

if (only) {
  await mkdir(results, { recursive: true });
  const { status, output } = await conformance(['--scenario', only, '--verbose'], results);
  console.log(output);
  process.exit(status);
}

let failed = false;
const rows = [];
for (const [number, run] of RUNS.entries()) {
  const directory = join(results, String(number + 1));
  await mkdir(directory, { recursive: true });
  const { status, output } = await conformance(run.flags, directory);
  await writeFile(join(directory, 'output.txt'), output);
  const scenarios = await verdicts(directory);
  const scored = run.requirements ? await required(run.requirements) : [...scenarios.keys()];
  for (const missing of scored.filter((scenario) => !scenarios.has(scenario))) {
    failed = true;
    rows.push({ run: run.title, scenario: missing, passed: 0, bad: 1 });
    console.log(`FAILURE ${missing}: the suite has no result for it`);
  }
  for (const scenario of scored.filter((name) => scenarios.has(name))) {
    const checks = scenarios.get(scenario);
    const bad = count(checks, 'FAILURE') + count(checks, 'WARNING');
    rows.push({ run: run.title, scenario, passed: count(checks, 'SUCCESS'), bad });
    for (const check of checks.filter(({ status }) => status === 'FAILURE' || status === 'WARNING')) {
      console.log(`${check.status} ${scenario} ${check.id}: ${check.errorMessage ?? check.description}`);
    }
    failed ||= bad > 0;
  }
  if (status !== 0 || scenarios.size === 0) {
    failed = true;
    console.log(`The suite ended with status ${status} for ${run.title}; the end of what it said:`);
    console.log(output.split('\n').slice(-40).join('\n'));
  }
}

const width = Math.max(...rows.map(({ scenario }) => scenario.length));
let title;
for (const row of rows) {
  if (row.run !== title) {
    title = row.run;
    const members = rows.filter(({ run }) => run === title);
    const good = members.filter(({ bad }) => bad === 0).length;
    console.log(`\n${title}: ${good} of ${members.length} scenarios without a failure or a warning`);
  }
  console.log(`  ${row.bad === 0 ? 'ok  ' : 'FAIL'} ${row.scenario.padEnd(width)} ${String(row.passed).padStart(3)} checks`);
}
process.exit(failed ? 1 : 0);
