package dev.claviger.oauth;

/** None of our clients is in force under this id. */
class NoSuchClient extends RuntimeException {
    NoSuchClient() {
        super("No client in force has this id; look at the list of client registrations.");
    }
}
