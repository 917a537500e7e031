package dev.claviger.app;

import com.tngtech.archunit.core.domain.JavaClass;
import dev.claviger.ClavigerApplication;
import org.junit.jupiter.api.Test;
import org.springframework.modulith.core.ApplicationModules;

/** Commands go down, events come up, and a module is its api. */
class ModularityTest {

    @Test
    void modulesUseOnlyWhatTheyMay() {
        ApplicationModules.of(
                        ClavigerApplication.class, JavaClass.Predicates.resideInAPackage("dev.claviger.demoprovider.."))
                .verify();
    }
}
