package dev.claviger.credentials.api;

import java.util.Collection;
import java.util.Set;
import java.util.UUID;

/**
 * One who refers to sealed secrets from tables of its own. A secret to which nobody refers any more is an orphan, and the
 * sweep destroys it after a while. Every bean of this type is asked.
 */
public interface SecretKeeper {

    /**
     * Purposes whose secrets this keeper knows all uses of that fall to its module. What is sealed for a purpose of which
     * no keeper speaks is never swept.
     */
    Set<SecretPurpose> purposes();

    /**
     * Those of the secrets that this keeper still refers to, whatever their purpose. Answers from what is written in the
     * transaction of the events: a projection that is being rebuilt would deny a credential in use.
     */
    Set<UUID> stillNeeded(Collection<UUID> secrets);
}
