package dev.claviger.oauth;

/** Where one of our clients stands at its authorization server; names are column values. */
enum ClientState {
    /** The next authorization uses it. */
    IN_FORCE,
    /** Grants go on with it; then it is deleted. */
    RETIRED,
    DELETED,
    /** Not used any more, and not deleted: it could not be. */
    ORPHANED
}
