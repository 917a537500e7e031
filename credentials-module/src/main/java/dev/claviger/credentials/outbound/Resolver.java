package dev.claviger.credentials.outbound;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Resolves a name once and lets through only what may be called. One forbidden address among several condemns all: which
 * of them is used would otherwise be up to the other side.
 */
final class Resolver implements AutoCloseable {

    private static final int MOST_LOOKUPS = 64;

    private final AddressGuard guard;
    private final boolean allowHttp;
    private final NameLookup lookup;
    /** A look-up cannot be interrupted, so it runs elsewhere and we stop waiting for it. */
    private final ThreadPoolExecutor lookups =
            new ThreadPoolExecutor(0, MOST_LOOKUPS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), runnable -> {
                Thread thread = new Thread(runnable, "outbound-name-lookup");
                thread.setDaemon(true);
                return thread;
            });

    Resolver(AddressGuard guard, boolean allowHttp, NameLookup lookup) {
        this.guard = guard;
        this.allowHttp = allowHttp;
        this.lookup = lookup;
    }

    /** @throws Untrusted when the target is forbidden as far as can be told without resolving its name */
    void check(Target target) {
        if (target.isPlain() && !(allowHttp && mayBeLoopback(target.host()))) {
            throw Target.unsafe("The URL of " + target.host() + " must begin with https://");
        }
        if (Cidr.isLiteral(target.host())) {
            checkAddress(target, literal(target.host()));
        }
    }

    /** Answers addresses that may be called, at least one. */
    List<InetAddress> resolve(Target target, Deadline deadline) {
        InetAddress[] addresses = lookUp(target.host(), deadline);
        if (addresses.length == 0) {
            throw unknown(target.host());
        }
        for (InetAddress address : addresses) {
            checkAddress(target, address);
        }
        return List.of(addresses);
    }

    private void checkAddress(Target target, InetAddress address) {
        if (!guard.permits(target.host(), address)) {
            throw Target.unsafe(target.host() + " leads to an address inside a private network ("
                    + address.getHostAddress() + "); the operator can allow it with claviger.outbound.allow");
        }
        if (target.isPlain() && !(address.isLoopbackAddress() && guard.isAllowedByOperator(target.host(), address))) {
            throw Target.unsafe("The URL of " + target.host() + " must begin with https://");
        }
    }

    private boolean mayBeLoopback(String host) {
        return Cidr.isLiteral(host) || host.equalsIgnoreCase("localhost") || guard.allowsByName(host);
    }

    private InetAddress[] lookUp(String host, Deadline deadline) {
        Future<InetAddress[]> answer;
        try {
            answer = lookups.submit(() -> lookup.resolve(host));
        } catch (RejectedExecutionException e) {
            throw new Unreachable("Too many names are being looked up to look up " + host, false, null);
        }
        try {
            return answer.get(deadline.left().toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw unknown(host);
        } catch (TimeoutException e) {
            throw new Unreachable("The name " + host + " could not be looked up in time", false, null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable("Interrupted while looking up " + host, false, null);
        }
    }

    private static Unreachable unknown(String host) {
        return new Unreachable("The name " + host + " has no address; check its spelling", false, null);
    }

    private static InetAddress literal(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw Target.unsafe("The URL names no valid host");
        }
    }

    @Override
    public void close() {
        lookups.shutdownNow();
    }
}
