-- The rules of the house, in versions.

-- A policy is one version of the rules as one document. The document never changes; a proposal is put
-- in force by another admin than the one who proposed it, or withdrawn.
CREATE TABLE policy (
  version      INTEGER PRIMARY KEY,
  document     TEXT NOT NULL,                                -- canonical JSON
  digest       BLOB NOT NULL CHECK (length(digest) = 32),
  state        TEXT NOT NULL CHECK (state IN ('proposed','in_force','replaced','withdrawn')),
  proposed_by  TEXT REFERENCES colleague(id),                -- NULL: it came with docket
  proposed_at  INTEGER NOT NULL,
  note         TEXT NOT NULL,
  agreed_by    TEXT REFERENCES colleague(id),                -- NULL: nobody agreed, or it came with docket
  agreed_at    INTEGER,                                      -- in force since
  withdrawn_by TEXT REFERENCES colleague(id),
  withdrawn_at INTEGER,
  CHECK ((state IN ('in_force','replaced')) = (agreed_at IS NOT NULL)),
  CHECK ((state = 'withdrawn') = (withdrawn_at IS NOT NULL)),
  CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL)),
  CHECK ((agreed_at IS NULL OR proposed_by IS NULL) = (agreed_by IS NULL)),
  CHECK (agreed_by IS NULL OR agreed_by <> proposed_by)      -- nobody is their own second person
) STRICT;
CREATE UNIQUE INDEX policy_alone ON policy(state) WHERE state IN ('proposed','in_force');  -- one proposal at a time, one in force
CREATE TRIGGER policy_stays BEFORE DELETE ON policy BEGIN SELECT raise(ABORT, 'a version of the policy stays'); END;
CREATE TRIGGER policy_holds BEFORE UPDATE ON policy
WHEN (new.version, new.document, new.digest, new.proposed_by, new.proposed_at, new.note) IS NOT
     (old.version, old.document, old.digest, old.proposed_by, old.proposed_at, old.note)
  OR (old.state, new.state) NOT IN (VALUES ('proposed','in_force'), ('proposed','withdrawn'), ('in_force','replaced'))
  OR old.state <> 'proposed' AND (new.agreed_by, new.agreed_at) IS NOT (old.agreed_by, old.agreed_at)
BEGIN SELECT raise(ABORT, 'a version of the policy is never changed'); END;
CREATE TRIGGER policy_follows BEFORE INSERT ON policy
WHEN new.version <> (SELECT ifnull(max(version), 0) + 1 FROM policy)
  OR (new.proposed_by IS NULL) <> (new.version = 1)
  OR new.state <> iif(new.version = 1, 'in_force', 'proposed')
BEGIN SELECT raise(ABORT, 'a policy is proposed first'); END;
CREATE TRIGGER policy_by_admin BEFORE INSERT ON policy
WHEN new.proposed_by IS NOT NULL AND NOT EXISTS (SELECT 1 FROM colleague WHERE id = new.proposed_by AND disabled = 0 AND role = 'admin')
BEGIN SELECT raise(ABORT, 'a policy is proposed by an admin'); END;
CREATE TRIGGER policy_agreed BEFORE UPDATE ON policy
WHEN new.state = 'in_force' AND (new.agreed_by IS NULL OR new.agreed_by = old.proposed_by
  OR NOT EXISTS (SELECT 1 FROM colleague WHERE id = new.agreed_by AND disabled = 0 AND role = 'admin'))
BEGIN SELECT raise(ABORT, 'a policy is put in force by a second admin'); END;
