export const WEBHOOKS_HELP = `userref webhooks verify --headers FILE [BODY-FILE]
  Checks a recorded delivery: its signature over the exact bytes, its time, its form.
    --headers FILE       the headers of the request, «name: value» a line, or JSON
    --at TIME            check as of then (RFC 3339); a recording is older than the 300 seconds allowed
    The body comes from BODY-FILE or the standard input. The secret is USERREF_WEBHOOK_SECRET.

userref webhooks listen
  Asks the core for this site's events and forwards each to your handler on this machine, signed as the core
  signs them. For sites that the core cannot reach, such as yours behind a firewall.
    --to URL             default: USERREF_BASE_URL + /userref/webhook
    --after CURSOR       begin behind this event (default: what comes from now on); 0 is everything still kept
    --every SECONDS      pause between two questions (default 1)

userref webhooks trigger [TYPE]
  Sends a signed test event to your handler on this machine (default: endpoint.test).
    --to URL             default: USERREF_BASE_URL + /userref/webhook
    --user-ref REF       the user of the event (default: somebody who does not exist)
    --data JSON          other members of the event

  Everywhere: --json, and --env-file FILE with the site's settings (default: .env.local and .env).

Exit codes: 0 good, or stopped by Ctrl-C · 1 refused, or it could not be sent · 2 wrong command line`;
