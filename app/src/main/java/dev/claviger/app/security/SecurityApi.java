package dev.claviger.app.security;

import dev.claviger.app.security.ApiTokens.ApiToken;
import dev.claviger.app.security.People.Person;
import dev.claviger.app.security.UserEvent.Role;
import dev.claviger.app.security.UserEvent.Scope;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.media.Schema.RequiredMode;
import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** API tokens and people as JSON. What is generated is in the answer once and nowhere else. */
@RestController
@RequestMapping("/api/v1")
class SecurityApi {

    private final ApiTokens tokens;
    private final People people;
    private final Sessions sessions;

    SecurityApi(ApiTokens tokens, People people, Sessions sessions) {
        this.tokens = tokens;
        this.people = people;
        this.sessions = sessions;
    }

    /** @param id chosen by the caller, so that sending it twice issues once; absent: chosen here */
    record NewToken(
            @Nullable UUID id,

            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String name,

            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            Scope scope,

            @Nullable Instant expiresAt) {}

    record IssuedToken(
            UUID id, String name, Scope scope, @Nullable Instant expiresAt, String token) {
        @Override
        public String toString() {
            return "IssuedToken[" + id + "]";
        }
    }

    record Tokens(List<ApiToken> items) {}

    record Persons(List<Person> items) {}

    /** @param password absent: generated */
    record NewPerson(
            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            String name,

            @Schema(requiredMode = RequiredMode.REQUIRED) @Nullable
            Role role,

            @Nullable String password) {
        @Override
        public String toString() {
            return "NewPerson[" + name + "]";
        }
    }

    /** @param password only where it was generated */
    record AddedPerson(String name, Role role, @Nullable String password) {
        @Override
        public String toString() {
            return "AddedPerson[" + name + "]";
        }
    }

    /** What is absent stays. */
    record PersonChange(@Nullable Role role, @Nullable Boolean disabled) {}

    record GeneratedPassword(String password) {
        @Override
        public String toString() {
            return "GeneratedPassword[***]";
        }
    }

    @GetMapping("/tokens")
    Tokens tokens() {
        return new Tokens(tokens.all());
    }

    @PostMapping("/tokens")
    ResponseEntity<IssuedToken> issue(@RequestBody NewToken wanted, Principal who) {
        UUID id = wanted.id() == null ? UUID.randomUUID() : wanted.id();
        String name = wanted.name();
        Scope scope = wanted.scope();
        Map<String, String> errors = tokens.errors(name, scope, wanted.expiresAt());
        if (name == null || scope == null || !errors.isEmpty()) {
            throw new UserRejected(errors);
        }
        String token = tokens.issue(id, name, scope, who.getName(), wanted.expiresAt());
        return created(new IssuedToken(id, name, scope, wanted.expiresAt(), token));
    }

    @DeleteMapping("/tokens/{id}")
    @ResponseStatus(HttpStatus.NO_CONTENT)
    void revoke(@PathVariable UUID id) {
        if (tokens.find(id).isEmpty()) {
            throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such token.");
        }
        tokens.revoke(id);
    }

    @GetMapping("/users")
    Persons people() {
        return new Persons(people.all());
    }

    @PostMapping("/users")
    ResponseEntity<AddedPerson> add(@RequestBody NewPerson wanted) {
        String typed = wanted.password();
        String generated = typed == null || typed.isEmpty() ? Passwords.generate() : null;
        String name = wanted.name();
        Role role = wanted.role();
        String password = generated == null ? String.valueOf(typed) : generated;
        Map<String, String> errors = People.errors(name, role, password);
        if (name == null || role == null || !errors.isEmpty()) {
            throw new UserRejected(errors);
        }
        people.add(name, role, password);
        return created(new AddedPerson(name, role, generated));
    }

    @PatchMapping("/users/{name}")
    Person change(@PathVariable("name") String typed, @RequestBody PersonChange change) {
        String name = known(typed);
        if (change.role() != null) {
            people.changeRole(name, change.role());
        }
        if (Boolean.TRUE.equals(change.disabled())) {
            people.disable(name);
        } else if (Boolean.FALSE.equals(change.disabled())) {
            people.enable(name);
        }
        sessions.end(name, null);
        return people.find(name).orElseThrow(SecurityApi::nobody);
    }

    @PostMapping("/users/{name}/password")
    ResponseEntity<GeneratedPassword> resetPassword(@PathVariable("name") String typed) {
        String name = known(typed);
        String password = Passwords.generate();
        people.changePassword(name, password, false);
        sessions.end(name, null);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(new GeneratedPassword(password));
    }

    private String known(String typed) {
        return people.find(typed).map(Person::name).orElseThrow(SecurityApi::nobody);
    }

    private static ResponseStatusException nobody() {
        return new ResponseStatusException(HttpStatus.NOT_FOUND, "Nobody has that name.");
    }

    @ExceptionHandler
    ProblemDetail rejected(UserRejected e) {
        ProblemDetail problem = ProblemDetail.forStatusAndDetail(e.status(), e.getMessage());
        if (!e.errors().isEmpty()) {
            problem.setTitle("Some fields cannot stay so");
            problem.setProperty("errors", e.errors());
        }
        return problem;
    }

    private static <T> ResponseEntity<T> created(T body) {
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(body);
    }
}
