-- The search index is gathered eight pieces at a time, not four: with four, an import wrote most of it several
-- times over, and zeroed what went each time. Searches among 24 pieces take no longer than among 15.
INSERT INTO search(search, rank) VALUES ('automerge', 8);
