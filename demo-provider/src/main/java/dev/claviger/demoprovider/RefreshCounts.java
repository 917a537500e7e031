package dev.claviger.demoprovider;

/**
 * What became of the refresh tokens that were shown to the authorization server.
 *
 * @param refreshed answered with new tokens
 * @param reused refused because the token had been rotated before; each ends its grant
 * @param refused refused because token, client or grant were not good
 * @param deadGrants consents of which nothing works any more, for whatever reason
 */
public record RefreshCounts(long refreshed, long reused, long refused, long deadGrants) {

    /** What has come since. */
    public RefreshCounts since(RefreshCounts before) {
        return new RefreshCounts(
                refreshed - before.refreshed,
                reused - before.reused,
                refused - before.refused,
                deadGrants - before.deadGrants);
    }
}
