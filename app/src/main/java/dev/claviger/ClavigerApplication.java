package dev.claviger;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.modulith.Modulithic;

/** Starts Claviger. */
@SpringBootApplication
@Modulithic(systemName = "Claviger")
public class ClavigerApplication {

    public static void main(String[] args) {
        // Axon prints an advertisement and asks a server for updates unless told not to.
        System.setProperty("disable-axoniq-console-message", "true");
        System.setProperty("axoniq.update-checker.disabled", "true");
        SpringApplication.run(ClavigerApplication.class, args);
    }
}
