package dev.claviger;

import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.modulith.Modulithic;

/** Starts Claviger. */
@SpringBootApplication
@Modulithic(systemName = "Claviger")
public class ClavigerApplication {

    public static void main(String[] args) {
        if (args.length > 0 && args[0].equals(PreflightCommand.NAME)) {
            System.exit(PreflightCommand.run(List.of(args).subList(1, args.length)));
        }
        if (args.length > 0 && args[0].equals(KeysCommand.NAME)) {
            System.exit(KeysCommand.run(List.of(args).subList(1, args.length)));
        }
        // Axon prints an advertisement and asks a server for updates unless told not to.
        System.setProperty("disable-axoniq-console-message", "true");
        System.setProperty("axoniq.update-checker.disabled", "true");
        SpringApplication.run(ClavigerApplication.class, args);
    }
}
