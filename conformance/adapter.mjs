// Plays an admin and a browser for one scenario of the conformance suite: sets up a connector in a running Claviger,
// connects it, consents, calls tools through it. Knows nothing of MCP or OAuth: all of that is Claviger's.
//
//   CLAVIGER_URL, CLAVIGER_ADMIN_TOKEN  the application and who we are
//   MCP_CONFORMANCE_SCENARIO            the scenario's name
//   MCP_CONFORMANCE_CONTEXT             JSON, for scenarios that hand out data
//   last argument                       URL of the suite's MCP server

import { randomUUID } from 'node:crypto';

const claviger = process.env.CLAVIGER_URL;
const token = process.env.CLAVIGER_ADMIN_TOKEN;
const scenario = process.env.MCP_CONFORMANCE_SCENARIO;
const context = JSON.parse(process.env.MCP_CONFORMANCE_CONTEXT ?? '{}');
const server = process.argv.at(-1);

const MOST_ROUNDS = 6;

/** What the admin is told when it does not work: ends this scenario, not necessarily badly. */
class Refused extends Error {}

async function api(method, path, body) {
  const answer = await fetch(claviger + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) {
    throw new Refused(`${method} ${path}: HTTP ${answer.status} ${text}`);
  }
  return text ? JSON.parse(text) : {};
}

/** What an admin enters beside the URL. */
function settings() {
  const oauth = {};
  if (scenario === 'auth/pre-registration') {
    Object.assign(oauth, { clientId: context.client_id, clientSecret: context.client_secret, issuer: context.issuer });
  } else if (scenario.startsWith('auth/client-credentials')) {
    Object.assign(oauth, {
      grant: 'client_credentials',
      clientId: context.client_id,
      clientSecret: context.client_secret,
      privateKey: context.private_key_pem,
      signingAlgorithm: context.signing_algorithm,
    });
  } else if (scenario === 'auth/enterprise-managed-authorization') {
    Object.assign(oauth, {
      grant: 'enterprise_managed',
      clientId: context.client_id,
      clientSecret: context.client_secret,
      identityProvider: {
        issuer: context.idp_issuer,
        tokenEndpoint: context.idp_token_endpoint,
        clientId: context.idp_client_id,
        subjectToken: context.idp_id_token,
        subjectTokenType: 'urn:ietf:params:oauth:token-type:id_token',
      },
    });
  }
  return {
    name: `${scenario} ${randomUUID().slice(0, 8)}`.replaceAll('/', ' '),
    url: server,
    authType: scenario.startsWith('auth/') ? 'oauth' : 'none',
    mode: 'shared',
    oauth: scenario.startsWith('auth/') ? oauth : undefined,
  };
}

/** Follows the authorization request as a browser would, on foot, and brings the response back. */
async function consent(authorizationUrl) {
  const redirect = await fetch(authorizationUrl, { redirect: 'manual' });
  const location = redirect.headers.get('location');
  if (!location?.startsWith(claviger)) {
    throw new Refused(`The authorization server answered ${redirect.status} and would lead to ${location}`);
  }
  const callback = await fetch(location, { redirect: 'manual', headers: { authorization: `Bearer ${token}` } });
  if (callback.status >= 400) {
    throw new Refused(`Claviger refused the authorization response with ${callback.status}`);
  }
}

/** Goes on with an attempt until it has connected. */
async function follow(connection) {
  for (let round = 0; round < MOST_ROUNDS * 5; round++) {
    const now = await api('GET', `/api/v1/connections/${connection}?wait=10`);
    switch (now.next) {
      case 'connected':
        return;
      case 'authorization_required':
        await consent(now.authorizationUrl);
        break;
      case 'approval_required':
        await api('POST', `/api/v1/connections/${connection}/approve-issuer`, { issuer: now.issuer });
        break;
      case 'pending':
        break;
      default:
        throw new Refused(JSON.stringify(now.failure ?? now));
    }
  }
  throw new Refused('The attempt came to no end');
}

/** Calls a tool as often as Claviger itself asks for more consent in between. */
async function call(connector, tool, args) {
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const outcome = await api('POST', `/api/v1/connectors/${connector}/tools/${encodeURIComponent(tool)}/call`, {
      arguments: args,
      input: 'accept_defaults',
    });
    switch (outcome.state) {
      case 'completed':
        return outcome.result;
      case 'authorization_required':
      case 'approval_required':
        await follow(outcome.connectionId);
        break;
      default:
        throw new Refused(`${tool}: ${JSON.stringify(outcome.failure ?? outcome)}`);
    }
  }
  throw new Refused(`${tool}: asked for consent again and again`);
}

async function callTools(connector) {
  const { items } = await api('GET', `/api/v1/connectors/${connector}/tools?limit=1000`);
  const names = items.map((tool) => tool.name);
  const has = (name) => names.includes(name);
  if (context.toolCalls) {
    for (const { name, arguments: args } of context.toolCalls) {
      await call(connector, name, args);
    }
  } else if (scenario === 'http-invalid-tool-headers' || scenario === 'sep-2322-client-request-state') {
    for (const tool of items) {
      await call(connector, tool.name, argumentsFor(tool));
    }
  } else if (has('add_numbers')) {
    await call(connector, 'add_numbers', { a: 5, b: 3 });
  } else if (has('test-tool')) {
    await call(connector, 'test-tool', {});
  } else if (has('json_schema_echo')) {
    const stored = await api('GET', `/api/v1/connectors/${connector}/tools/json_schema_2020_12_tool`);
    await call(connector, 'json_schema_echo', { schema: stored.inputSchema });
  } else if (items.length > 0 && scenario !== 'json-schema-ref-no-deref') {
    await call(connector, items[0].name, argumentsFor(items[0]));
  }
}

/** Something of the right type for each required argument. */
function argumentsFor(tool) {
  const schema = tool.definition?.inputSchema ?? tool.inputSchema ?? {};
  const samples = { string: 'text', integer: 1, number: 1.5, boolean: true, array: [], object: {} };
  return Object.fromEntries(
    Object.entries(schema.properties ?? {}).map(([name, property]) => [name, samples[property.type] ?? 'text']),
  );
}

try {
  const created = await api('POST', '/api/v1/connectors', settings());
  const connector = created.connector.id;
  // What needs no consent connects by itself when it is created.
  const attempt = created.pendingConnection ?? created.connection;
  await follow(attempt ?? (await api('POST', `/api/v1/connectors/${connector}/connect`, {})).connectionId);
  if ((await api('GET', `/api/v1/connectors/${connector}/catalog`)).trouble === 'CLV-202') {
    // The server refuses the token that it was just given: an admin who sees that connects once more.
    await follow((await api('POST', `/api/v1/connectors/${connector}/connect`, {})).connectionId);
  }
  await callTools(connector);
  await api('DELETE', `/api/v1/connectors/${connector}`);
} catch (e) {
  console.error(e instanceof Refused ? e.message : e);
  process.exitCode = 1;
}
