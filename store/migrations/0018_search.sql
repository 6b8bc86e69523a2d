-- The search index is gathered eight pieces at a time, not four: with four, an import wrote most of it several
-- times over, and what went was zeroed each time. A search that looks into twice as many pieces takes as long.
INSERT INTO search(search, rank) VALUES ('automerge', 8);
