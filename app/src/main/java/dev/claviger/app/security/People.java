package dev.claviger.app.security;

import dev.claviger.app.security.UserEvent.Role;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The people who may sign in. Each change and its event are one transaction. */
@Component
class People implements UserDetailsService {

    private static final Pattern NAME = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N}._@+-]{0,63}");

    private final JdbcClient jdbc;
    private final PasswordEncoder passwords;
    private final UserEvents events;

    People(JdbcClient jdbc, PasswordEncoder passwords, UserEvents events) {
        this.jdbc = jdbc;
        this.passwords = passwords;
        this.events = events;
    }

    record Person(
            String name,
            Role role,
            boolean disabled,
            Instant createdAt,
            @Nullable Instant lastSignInAt) {}

    List<Person> all() {
        return jdbc.sql("select * from app.person order by lower(name)")
                .query((row, n) -> person(row))
                .list();
    }

    Optional<Person> find(String name) {
        return jdbc.sql("select * from app.person where lower(name) = lower(:name)")
                .param("name", name)
                .query((row, n) -> person(row))
                .optional();
    }

    @Override
    public UserDetails loadUserByUsername(String name) {
        return jdbc.sql("select * from app.person where lower(name) = lower(:name)")
                .param("name", name)
                .query((row, n) -> User.withUsername(row.getString("name"))
                        .password(row.getString("password_hash"))
                        .roles(row.getString("role"))
                        .disabled(row.getBoolean("disabled"))
                        .build())
                .optional()
                .orElseThrow(() -> new UsernameNotFoundException("Nobody has that name"));
    }

    @Transactional
    void add(String name, Role role, String password) {
        check(name, password);
        insert(name, role, password);
        events.tell(new UserEvent.PersonAdded(name, role));
    }

    /** What is wrong with a new person, by field; a password that is null is still to be generated. */
    static Map<String, String> errors(@Nullable String name, @Nullable Role role, @Nullable String password) {
        Map<String, String> errors = new LinkedHashMap<>();
        if (name == null || !NAME.matcher(name).matches()) {
            errors.put("name", "A name has 1 to 64 letters, digits or . _ @ + - and begins with a letter or a digit.");
        }
        if (role == null) {
            errors.put("role", "Choose ADMIN or AUDITOR.");
        }
        String trouble = password == null ? null : Passwords.trouble(name == null ? "" : name, password);
        if (trouble != null) {
            errors.put("password", trouble);
        }
        return errors;
    }

    private static void check(String name, String password) {
        Map<String, String> errors = errors(name, Role.ADMIN, password);
        if (!errors.isEmpty()) {
            throw new UserRejected(errors);
        }
    }

    /** Adds the first admin where nobody is there yet; answers whether it did. Two nodes starting at once add one. */
    @Transactional
    boolean addFirst(String name, String password) {
        jdbc.sql("lock table app.person in share row exclusive mode").update();
        if (jdbc.sql("select count(*) from app.person").query(Integer.class).single() > 0) {
            return false;
        }
        check(name, password);
        insert(name, Role.ADMIN, password);
        events.tell(new UserEvent.PersonAdded(name, Role.ADMIN), "system:first-start");
        return true;
    }

    private void insert(String name, Role role, String password) {
        try {
            jdbc.sql("insert into app.person (name, role, password_hash) values (:name, :role, :hash)")
                    .param("name", name)
                    .param("role", role.name())
                    .param("hash", passwords.encode(password))
                    .update();
        } catch (DuplicateKeyException e) {
            throw new UserRejected("Somebody is called " + name + " already; choose another name.");
        }
    }

    @Transactional
    void changeRole(String name, Role role) {
        Person person = lock(name);
        if (person.role() == role) {
            return;
        }
        if (role != Role.ADMIN) {
            keepAnAdmin(person);
        }
        jdbc.sql("update app.person set role = :role where name = :name")
                .param("role", role.name())
                .param("name", person.name())
                .update();
        events.tell(new UserEvent.PersonRoleChanged(person.name(), role));
    }

    @Transactional
    void disable(String name) {
        Person person = lock(name);
        if (person.disabled()) {
            return;
        }
        keepAnAdmin(person);
        setDisabled(person, true);
        events.tell(new UserEvent.PersonDisabled(person.name()));
    }

    @Transactional
    void enable(String name) {
        Person person = lock(name);
        if (person.disabled()) {
            setDisabled(person, false);
            events.tell(new UserEvent.PersonEnabled(person.name()));
        }
    }

    @Transactional
    void changePassword(String name, String password, boolean byThemselves) {
        Person person = lock(name);
        String trouble = Passwords.trouble(person.name(), password);
        if (trouble != null) {
            throw new UserRejected(Map.of("password", trouble));
        }
        jdbc.sql("update app.person set password_hash = :hash where name = :name")
                .param("hash", passwords.encode(password))
                .param("name", person.name())
                .update();
        events.tell(new UserEvent.PasswordChanged(person.name(), byThemselves));
    }

    boolean hasPassword(String name, String password) {
        return jdbc.sql("select password_hash from app.person where name = :name")
                .param("name", name)
                .query(String.class)
                .optional()
                .filter(hash -> passwords.matches(password, hash))
                .isPresent();
    }

    @Transactional
    void signedIn(String name) {
        jdbc.sql("update app.person set last_sign_in_at = now() where name = :name")
                .param("name", name)
                .update();
        events.tell(new UserEvent.SignedIn(name), "person:" + name);
    }

    private Person lock(String name) {
        // All rows in one order, so that two admins demoting each other cannot both succeed.
        return jdbc
                .sql("select * from app.person order by name for update")
                .query((row, n) -> person(row))
                .list()
                .stream()
                .filter(person -> person.name().equalsIgnoreCase(name))
                .findFirst()
                .orElseThrow(() -> new UserRejected("Nobody has that name; load the list again."));
    }

    private void keepAnAdmin(Person person) {
        boolean another = all().stream()
                .anyMatch(other -> other.role() == Role.ADMIN
                        && !other.disabled()
                        && !other.name().equals(person.name()));
        if (person.role() == Role.ADMIN && !another) {
            throw new UserRejected(person.name() + " is the last admin; make somebody else an admin first.");
        }
    }

    private void setDisabled(Person person, boolean disabled) {
        jdbc.sql("update app.person set disabled = :disabled where name = :name")
                .param("disabled", disabled)
                .param("name", person.name())
                .update();
    }

    private static Person person(ResultSet row) throws SQLException {
        Timestamp lastSignIn = row.getTimestamp("last_sign_in_at");
        return new Person(
                row.getString("name"),
                Role.valueOf(row.getString("role")),
                row.getBoolean("disabled"),
                row.getTimestamp("created_at").toInstant(),
                lastSignIn == null ? null : lastSignIn.toInstant());
    }
}
