package dev.claviger.app;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import dev.claviger.ClavigerApplication;
import dev.claviger.credentials.api.HandOuts;
import dev.claviger.credentials.api.RevokedCredentials;
import dev.claviger.credentials.api.Secret;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The rules of the house, held by a test. */
@AnalyzeClasses(
        packages = "dev.claviger",
        importOptions = {ImportOption.DoNotIncludeTests.class, HouseRulesTest.NoDemo.class})
class HouseRulesTest {

    /** Who may open a secret; a new name here is a decision, not a detail. */
    private static final Set<String> REVEALERS = Set.of(
            // sealing and opening
            "dev.claviger.credentials.Fingerprints",
            "dev.claviger.credentials.TinkVault",
            // handing out to the one who may have it
            "dev.claviger.connectors.HandOut",
            "dev.claviger.credentials.Opening",
            // and after its end to the server that should refuse it
            "dev.claviger.credentials.ProbeDoor",
            // writing it into the request it is for
            "dev.claviger.credentials.outbound.GuardedHttpClient",
            // recognising the purpose, and what may not be in a trace
            "dev.claviger.credentials.outbound.Purposes",
            "dev.claviger.credentials.outbound.SentFacts",
            "dev.claviger.oauth.protocol.AuthorizationRequest",
            "dev.claviger.oauth.protocol.ClientAuthentication",
            "dev.claviger.oauth.protocol.ClientManagement",
            "dev.claviger.oauth.protocol.IdToken",
            "dev.claviger.oauth.protocol.SigningKey",
            "dev.claviger.oauth.protocol.TokenEndpoint",
            "dev.claviger.oauth.protocol.TokenExchange",
            "dev.claviger.oauth.protocol.TokenRevocation",
            "dev.claviger.oauth.protocol.Userinfo",
            // recognising it by hash
            "dev.claviger.oauth.StateHash");

    /** What a module lets others see; everything else in it is package-private. */
    private static final DescribedPredicate<JavaClass> PUBLISHED =
            resideInAnyPackage("..api..", "..vault..", "..outbound..", "..kms..", "..protocol..", "..preflight..");

    // Axon's saga manager makes instances without asking for access.
    private static final DescribedPredicate<JavaClass> SAGA = DescribedPredicate.describe(
            "a saga", type -> type.isAnnotatedWith("org.axonframework.spring.stereotype.Saga"));

    // The packages of app are slices of one module; what they share are interfaces.
    private static final DescribedPredicate<JavaClass> SHARED_IN_APP = resideInAPackage("dev.claviger.app..")
            .and(DescribedPredicate.describe("an interface", JavaClass::isInterface));

    @ArchTest
    static final ArchRule theInsideOfAModuleIsPackagePrivate = classes()
            .that()
            .areTopLevelClasses()
            .and(DescribedPredicate.not(
                    PUBLISHED.or(SAGA).or(SHARED_IN_APP).or(assignableTo(ClavigerApplication.class))))
            .should()
            .notBePublic();

    /** Where the operator keeps master keys is the operator's word, not that of the outside world. */
    private static final String KMS = "dev.claviger.credentials.kms..";

    @ArchTest
    static final ArchRule servicesThatKeepKeysAreSpokenToInOnePlace = noClasses()
            .that()
            .resideOutsideOfPackage(KMS)
            .should()
            .dependOnClassesThat(resideInAnyPackage("software.amazon.awssdk..", "com.google.auth.."));

    @ArchTest
    static final ArchRule keysReachTheirServicesWithoutDatabaseAndSpring = noClasses()
            .that()
            .resideInAPackage(KMS)
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql.."));

    @ArchTest
    static final ArchRule onlyOneDoorLeadsOut = noClasses()
            .that()
            .resideOutsideOfPackages("dev.claviger.credentials.outbound..", KMS)
            .should()
            .dependOnClassesThat(resideInAnyPackage(
                            "java.net.http..", "org.apache.hc..", "javax.net.ssl..", "okhttp3..")
                    .or(nameMatching("java\\.net\\.(Server)?Socket|java\\.net\\.(Http)?URLConnection|javax\\.net\\..*"))
                    .or(nameMatching("java\\.nio\\.channels\\.(Asynchronous)?(Server)?SocketChannel"))
                    .or(nameMatching("org\\.springframework\\.web\\.client\\.Rest(Client|Template)")));

    /** Doors that libraries and the JDK would open for us, past the guard. */
    @ArchTest
    static final ArchRule nobodyLetsALibraryFetch = noClasses()
            .should()
            .callMethodWhere(target(owner(assignableTo(java.net.URL.class)))
                    .and(target(nameMatching("openStream|openConnection|getContent"))))
            .orShould()
            .callMethodWhere(target(owner(resideInAPackage("com.nimbusds..")))
                    .and(target(nameMatching("send|resolve|load|retrieveResource"))));

    /** What was revoked is opened to ask a server whether it refuses it, and for nothing else. */
    @ArchTest
    static final ArchRule onlyTheProbeOpensWhatWasRevoked = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.claviger.toolsync.ProbeRevokedCredential")
            .and()
            .doNotHaveFullyQualifiedName("dev.claviger.credentials.ProbeDoor")
            .should()
            .dependOnClassesThat()
            .areAssignableTo(RevokedCredentials.class);

    @ArchTest
    static final ArchRule nothingIsPrinted = GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

    @ArchTest
    static final ArchRule messagesAndProtocolsDoNotKnowAxon = noClasses()
            .that(resideInAPackage("..protocol..")
                    .or(nestedIn(".*(Event|Query)"))
                    .or(nameMatching("dev\\.claviger\\..*(Event|Query)")))
            .should()
            .dependOnClassesThat(resideInAPackage("org.axonframework.."));

    @ArchTest
    static final ArchRule protocolsAreNotBeansAndKnowNoDatabase = noClasses()
            .that()
            .resideInAPackage("..protocol..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.springframework..", "java.sql..", "javax.sql.."));

    /** It is SQL that another module runs. */
    @ArchTest
    static final ArchRule conditionsOfHandOutsComeFromOnePlace = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.claviger.connectors.ServerOffers")
            .should()
            .callConstructor(HandOuts.Condition.class, String.class, long.class);

    @ArchTest
    static final ArchRule aggregatesReachNowhere = noClasses()
            .that()
            .areAnnotatedWith("org.axonframework.spring.stereotype.Aggregate")
            .should()
            .dependOnClassesThat(
                    resideInAnyPackage("org.springframework.jdbc..", "java.sql..", "javax.sql..", "..outbound.."))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule thereAreNoMocks = noClasses().should().dependOnClassesThat(resideInAPackage("org.mockito.."));

    @ArchTest
    static void secretsAreRevealedOnlyByThoseListed(JavaClasses classes) {
        Set<String> found = classes.stream()
                .flatMap(type -> type.getMethodCallsFromSelf().stream())
                .filter(call -> call.getTargetOwner().isEquivalentTo(Secret.class)
                        && call.getTarget().getName().equals("reveal"))
                .map(JavaAccess::getOriginOwner)
                .map(HouseRulesTest::topLevelName)
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(found).isEqualTo(new TreeSet<>(REVEALERS));
    }

    private static DescribedPredicate<JavaClass> nestedIn(String enclosingName) {
        return DescribedPredicate.describe(
                "nested in " + enclosingName,
                type -> type.getEnclosingClass()
                        .map(outer -> outer.getName().matches(enclosingName))
                        .orElse(false));
    }

    private static String topLevelName(JavaClass type) {
        JavaClass current = type;
        while (current.getEnclosingClass().isPresent()) {
            current = current.getEnclosingClass().get();
        }
        return current.getName();
    }

    /** The demo provider stands for the outside world; its rules are its own. */
    static final class NoDemo implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/demoprovider/");
        }
    }
}
