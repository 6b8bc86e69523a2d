package store

import (
	"slices"

	"docket/review"
)

// pushesTold finds the newest push of a status of each transaction, inquiry or case, by
// push_of_target.
const pushesTold = `
	SELECT r.id, (SELECT max(p.id) FROM push p WHERE p.rid = r.rid AND p.act IN ('status','inquiry','case') AND p.state <> 'dropped') AS newest
	FROM json_each(?1) j JOIN resource r ON r.id = j.value WHERE newest IS NOT NULL`

// echoes compares what was told of the roots that this absorption moved with what
// Persona's own state now says.
func (b *absorption) echoes() error {
	var told bool
	if err := b.one(`SELECT EXISTS (SELECT 1 FROM push)`, nil, &told); err != nil || !told {
		return err
	}
	var txns []int64
	for _, n := range b.order {
		if review.IsRootFamily(n.family) && n.stirs {
			txns = append(txns, n.id)
		}
	}
	return b.echo(txns)
}

// echoAll does the same for every push of a status that is not settled: what arrived during a
// rebuild was absorbed without.
func (a *act) echoAll() error {
	var refs []review.Ref
	err := a.each(`
		SELECT DISTINCT type, rid FROM push WHERE act IN ('status','inquiry','case') AND state IN ('waiting','sent','refused')`, nil, func(scan func(...any) error) error {
		var ref review.Ref
		err := scan(&ref.Type, &ref.ID)
		refs = append(refs, ref)
		return err
	})
	if err != nil {
		return err
	}
	prints := make([]int64, len(refs))
	for i := range refs {
		prints[i] = printOfID(refs[i].ID)
	}
	txns, err := a.resourceRows(refs, prints)
	if err != nil {
		return err
	}
	txns = slices.DeleteFunc(txns, func(id int64) bool { return id == 0 })
	return a.echo(txns)
}

// echo settles the newest push of a status of each of some resources by what Persona says.
func (a *act) echo(txns []int64) error {
	type told struct {
		txn  int64
		push review.PushID
	}
	var all []told
	err := a.each(pushesTold, []any{numbers(txns)},
		func(scan func(...any) error) error {
			var t told
			err := scan(&t.txn, &t.push)
			all = append(all, t)
			return err
		})
	if err != nil {
		return err
	}
	for _, t := range all {
		p, err := a.push(t.push)
		if err != nil {
			return err
		}
		points, err := a.statusPoints(t.txn)
		if err != nil {
			return err
		}
		if err := a.settleByEcho(p, history(points)); err != nil {
			return err
		}
	}
	return nil
}

func (a *act) settleByEcho(p review.Push, history []review.StatusAt) error {
	state := p.Echo(history)
	if len(history) == 0 || state == p.State && state != review.PushDiverged {
		return nil
	}
	says := history[len(history)-1].Status
	problem := ""
	e := review.Entry{Review: p.Review, Act: review.ActEchoed, Status: p.Value}
	if state == review.PushDiverged {
		problem = clipProblem("Persona says " + says)
		e.Act, e.Status = review.ActDiverged, says
	}
	if state == p.State && problem == p.Problem {
		return nil
	}
	p.State, p.Problem, p.SettledAt = state, problem, a.now
	if err := a.savePush(p); err != nil {
		return err
	}
	// Persona may go back and forth; the trail says it once per push and value.
	var said bool
	err := a.one(`SELECT EXISTS (SELECT 1 FROM entry WHERE review = ? AND id > ? AND act = ? AND status = ?)`,
		[]any{p.Review, p.Decision, e.Act, e.Status}, &said)
	if err != nil || said {
		return err
	}
	_, err = a.record(e)
	return err
}
