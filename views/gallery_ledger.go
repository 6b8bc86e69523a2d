package views

import (
	"time"

	"docket/review"
)

func galleryLedger() []Specimen {
	shell := galleryShell("Ledger", PlaceLedger)
	shell.Who = galleryWho(review.RoleLead)
	shell.Ledger = "Ledger whole at entry 18,209"
	whole := LedgerPage{Shell: shell, Lead: "Every entry of the trail is a leaf of one tree; a signed root says what the whole tree was.", Sign: true,
		Line:   LedgerLine{Tone: ToneGood, Head: "The ledger is whole: 18,209 entries", Text: "Checked on 12 June 2026, 09:14:05 UTC. What is added is checked as it comes, and all of it once a day."},
		Public: "docket/5b1f0c2e9a7743d08e61b2f4c0a9d3e7+3f1c9a20+ASkZ7pXq0m1vYt8w2c4d6e8f0a1b3c5d7e9f1g2h4i6j", Origin: "docket/5b1f0c2e9a7743d08e61b2f4c0a9d3e7",
		Commands: "docket verify --db docket.db --checkpoints roots.txt --key docket.db.ledger.pub", Newest: Go{"/ledger/checkpoint", "The newest checkpoint"},
		Proof: Go{"/ledger/proof/18209", "The proof of entry 18,209"}}
	for i, why := range review.CheckpointWhys() {
		row := CheckpointRow{ID: Number(90 - i), At: AtSecond(ago(time.Duration(i)*hour), galleryNow), Entries: Number(18_209 - 41*i), Root: "9f3c 71e0 52ab a4d8", Why: CheckpointWords(why)}
		switch i {
		case 0:
			row.Kept = []KeptLine{{Keeper: S("file /mnt/audit/roots.txt")}, {Keeper: S("address https://keeper.example"), Problem: "it answered 503", Tried: AtSecond(ago(time.Minute), galleryNow)}}
		case 1:
			row.Kept = []KeptLine{{Keeper: S("command keep-root")}}
		}
		whole.Checkpoints = append(whole.Checkpoints, row)
	}
	first := whole
	first.Line = LedgerLine{Head: "The ledger has 0 entries", Text: "Nobody has looked at it since docket started."}
	first.Sign, first.Checkpoints, first.Newest, first.Proof, first.Public, first.Shell.Ledger = false, nil, Go{}, Go{}, "", ""
	first.Shell.Who = galleryWho(review.RoleAuditor)
	first.Empty = &Empty{Head: "Nothing was signed yet", Text: "docket signs the ledger when it starts, when it grew, and on every export."}
	broken := whole
	broken.Line = LedgerLine{Tone: ToneDanger, Head: "The ledger does not prove from entry 12,044 on",
		Text: "Its outcome is not what was recorded. The 12,043 entries before it are whole. Nothing is signed until docket is started on a ledger that is whole."}
	broken.Shell.Ledger, broken.Shell.LedgerBroken = "Ledger does not prove from entry 12,044 on", true
	broken.Notices = []Notice{{Tone: ToneAttention, News: true, Strong: "Nothing was signed.", Text: "What does not prove is not signed."}}
	return []Specimen{{"ledger", whole}, {"ledger-first", first}, {"ledger-broken", broken}}
}
