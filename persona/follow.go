package persona

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"docket/review"
)

// followFor is how long a transaction that was screened from here is asked after by itself.
// Webhooks and Sync tell the rest.
const (
	followFor    = 24 * time.Hour
	followOften  = 15 * time.Minute // so long once a minute
	followSeldom = 15 * time.Minute // then so often
)

// Screen has Persona screen somebody and gives the new transaction, which is then followed until
// it settles. The form's key makes sure that sending it twice screens once, also when the first
// answer was lost; a form that was changed in between is another one. By is a colleague, "" on the command line. *review.Invalid says what docket
// would not send, *Refused (see Refused.Invalid) what Persona did not take, *Unavailable that
// the outcome is not known and that the same form can be sent again.
func (l *Live) Screen(ctx context.Context, f review.ScreeningForm, by string) (review.TransactionID, error) {
	if l.client == nil {
		return "", notConnected()
	}
	if err := f.Check(l.now()); err != nil {
		return "", err
	}
	if l.o.TransactionType == "" {
		return "", unasked("no transaction type is set up for new screenings: an admin has to name one")
	}
	f.Key = screeningKey(f)
	known, _, err := l.db.BeginScreening(ctx, f.Key, by)
	if err != nil {
		return "", fmt.Errorf("screen: %w", err)
	}
	if known != "" {
		return known, nil
	}
	a, id, err := l.client.Screen(ctx, f, l.o.TransactionType)
	if err != nil {
		l.log.LogAttrs(ctx, slog.LevelWarn, "screen", slog.String("error", err.Error()))
		return "", err
	}
	ctx = context.WithoutCancel(ctx) // Persona has done it: whoever hung up meanwhile, it is recorded and followed
	if err := l.db.EndScreening(ctx, f.Key, id, by); err != nil {
		return "", fmt.Errorf("screen: %w", err)
	}
	ref := review.Ref{Type: "transaction", ID: string(id)}
	l.log.LogAttrs(ctx, slog.LevelInfo, "screened", slog.String("ref", ref.String()), slog.String("request", a.Request))
	// The transaction is there from here on, whatever fails: the errand below asks for it again.
	if _, err := l.db.Want(ctx, []review.Errand{{Kind: review.ErrandFollow, Ref: ref, Cause: causeScreened, State: review.ErrandWaiting,
		NextAt: l.now().Add(time.Second)}}); err != nil {
		return id, fmt.Errorf("screen: %w", err)
	}
	if r, err := l.take(ctx, a.Body, a.About); err == nil {
		err = l.plan(ctx, refsOf([]review.Reading{r}), true)
		if err != nil {
			return id, fmt.Errorf("screen: %w", err)
		}
	} else if !errors.Is(err, ErrUnavailable) {
		return id, fmt.Errorf("screen: %w", err)
	}
	l.Wake()
	return id, nil
}

// screeningKey names what a form asks for: the way back in a browser brings the form's own key
// again with another person in it. That key is random, so that nobody can guess a name from this one.
func screeningKey(f review.ScreeningForm) string {
	parts := []string{f.Key, f.ReferenceID, f.NameFirst, f.NameMiddle, f.NameLast, f.Birthdate, f.Country}
	for _, p := range f.Fields {
		parts = append(parts, p.Key, p.Value)
	}
	var b []byte
	for _, p := range parts {
		b = appendString(b, p)
	}
	return "docket-" + review.Sum(b).String()[:32]
}

// follow asks after a transaction until its workflow is through, unless webhooks tell first.
func (l *Live) follow(ctx context.Context, e review.Errand) error {
	if l.now().Sub(e.At) > followFor {
		return nil
	}
	moving, err := l.isMoving(ctx, e.Ref)
	if err != nil || !moving {
		return err
	}
	if _, err := l.ask(ctx, e.Ref); err != nil {
		return err
	}
	moving, err = l.isMoving(ctx, e.Ref)
	if err == nil && moving {
		return errMoving
	}
	return err
}

// isMoving says that Persona's workflow has not said yet what becomes of a transaction.
// "created" is the only status that Persona itself reserves.
func (l *Live) isMoving(ctx context.Context, ref review.Ref) (bool, error) {
	f, err := l.db.ResourceFile(ctx, ref)
	if errors.Is(err, review.ErrNotFound) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return Moving(Resource(f.Captured).Status.Value), nil
}

// Moving says that a transaction with this status will move on by itself.
func Moving(status string) bool {
	status = review.NormalStatus(status)
	return status == "" || status == "created"
}

// OneTimeLink makes a link that opens an inquiry once, to be handed to its subject, and tells the
// trail that it was made. The link is for the page alone: it is not kept.
func (l *Live) OneTimeLink(ctx context.Context, inquiry string, by review.ColleagueID) (link string, until time.Time, err error) {
	if l.client == nil {
		return "", time.Time{}, notConnected()
	}
	const life = 24 * time.Hour // Persona's own default, said so that the page can tell until when
	if link, until, err = l.client.OneTimeLink(ctx, inquiry, life); err != nil {
		return "", time.Time{}, err
	}
	ctx = context.WithoutCancel(ctx) // as in Screen
	ref := review.Ref{Type: "inquiry", ID: inquiry}
	if err := l.db.AddLinked(ctx, ref, "one-time link for "+ref.String()+" until "+until.UTC().Format(time.RFC3339), by); err != nil {
		return "", time.Time{}, fmt.Errorf("one-time link: %w", err)
	}
	l.log.LogAttrs(ctx, slog.LevelInfo, "linked", slog.String("ref", ref.String()))
	return link, until, nil
}

// Resume opens an inquiry again that its subject left or that expired, and gives the link with
// which they go on, good for as long as their session. The trail tells that it was made; the link is for
// the page alone. https://docs.withpersona.com/resuming-inquiries
func (l *Live) Resume(ctx context.Context, inquiry string, by review.ColleagueID) (link string, err error) {
	if l.client == nil {
		return "", notConnected()
	}
	a, token, err := l.client.Resume(ctx, inquiry)
	if err != nil {
		return "", err
	}
	ctx = context.WithoutCancel(ctx) // as in Screen
	u, err := url.Parse(l.o.InquiryURL)
	if err != nil {
		return "", fmt.Errorf("resume: the address of inquiries cannot be read: %w", err)
	}
	u.RawQuery = url.Values{"inquiry-id": {inquiry}, "session-token": {token}}.Encode()
	ref := review.Ref{Type: "inquiry", ID: inquiry}
	if err := l.db.AddLinked(ctx, ref, "resumed "+ref.String(), by); err != nil {
		return "", fmt.Errorf("resume: %w", err)
	}
	l.log.LogAttrs(ctx, slog.LevelInfo, "resumed", slog.String("ref", ref.String()))
	if _, err := l.take(ctx, a.Body, a.About); err != nil && !errors.Is(err, ErrUnavailable) {
		return "", fmt.Errorf("resume: %w", err)
	}
	return u.String(), nil
}

// InquiryLink is the link with which the subject of a new inquiry begins. It holds no secret.
// https://docs.withpersona.com/hosted-flow
func (l *Live) InquiryLink(inquiry string) string {
	u, err := url.Parse(l.o.InquiryURL)
	if err != nil {
		return ""
	}
	u.RawQuery = url.Values{"inquiry-id": {inquiry}}.Encode()
	return u.String()
}

// FetchAgain wants a resource asked for anew, with its files when it names some: a person asked
// for it. It is done soon, not when this returns.
func (l *Live) FetchAgain(ctx context.Context, ref review.Ref, by review.ColleagueID) error {
	if l.client == nil {
		return notConnected()
	}
	if !HasEndpoint(ref) {
		return unasked("Persona cannot be asked for a resource of the type " + shorten(ref.Type))
	}
	f, err := l.db.ResourceFile(ctx, ref)
	if err != nil {
		return fmt.Errorf("fetch again: %w", err)
	}
	now := l.now()
	e := review.Errand{Kind: review.ErrandResource, Ref: ref, State: review.ErrandWaiting,
		Cause: causeAgain + " " + now.UTC().Format("2006-01-02T15:04") + " " + string(by)} // once a minute is enough
	if len(filesOf(Resource(f.Captured))) > 0 {
		e.Kind = review.ErrandFiles
	}
	if _, err := l.db.Want(ctx, []review.Errand{e}); err != nil {
		return fmt.Errorf("fetch again: %w", err)
	}
	l.Wake()
	return nil
}
