package dev.claviger.oauth;

import dev.claviger.oauth.api.ClientRegistrationId;

/** Which of our clients a job is about. */
record ClientJob(ClientRegistrationId registrationId, String clientId) {

    /** Names the job, short whatever the server calls the client. */
    String instance(String why) {
        return registrationId + " " + Integer.toHexString(clientId.hashCode()) + " " + why;
    }
}
