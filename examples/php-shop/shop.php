<?php

/**
 * A shop in one file. It knows people by a code that only this shop can use, asks their vault for the address at the
 * moment it is needed, and stores none of it. Needs the bridge; start both by `npm run demo -- --with php`.
 */

declare(strict_types=1);

use Userref\Exception\UserrefThrowable;
use Userref\Revocation\PdoRevocationStore;
use Userref\Session;
use Userref\Userref;
use Userref\Web\Answer;
use Userref\Web\Site;

require getenv('USERREF_AUTOLOAD') ?: __DIR__ . '/../../sdk-php-bridge/php/autoload.php';

// ---- Copy from here. These lines are the whole login: sign-in, sign-out, sessions, and their end by webhook. ----

$database = new PDO('sqlite:' . getenv('SHOP_DATABASE'));
$database->exec('pragma busy_timeout = 5000');
$revocations = new PdoRevocationStore($database);
$revocations->createTable();

$userref = Userref::fromConfig([
    'bridge' => getenv('USERREF_BRIDGE') ?: 'unix:/run/userref/bridge.sock',
    'bridge_secret' => getenv('USERREF_BRIDGE_SECRET'),
    'issuer' => getenv('USERREF_ISSUER'),
    'site' => getenv('USERREF_SITE'),
    'base_url' => getenv('USERREF_BASE_URL'),
    'webhook_secret' => getenv('USERREF_WEBHOOK_SECRET'),
    'revocations' => $revocations,
]);
$site = new Site($userref);
$answer = $site->handle();
if ($answer !== null) {
    $answer->send();
    exit;
}

// ---- To here. The rest is a shop. ----

const PURPOSE = 'order_delivery';
const PRODUCTS = [
    'copper-pan' => ['Copper Pan', 'Tinned inside, 24 cm', 8900],
    'salt-cellar' => ['Salt Cellar', 'Olive wood, with lid', 2450],
    'bread-knife' => ['Bread Knife', 'Serrated, 22 cm', 5200],
    'linen-towel' => ['Linen Towel', 'Heavy, washed soft', 1680],
];

/** Asks whether the session still lives; when it does not, everything personal leaves the page. */
const LIVE = <<<'JS'
    const ask = async () => {
      const answer = await fetch('/live').then((response) => response.json()).catch(() => null);
      if (answer === null || answer.signed_in) return setTimeout(ask, 1500);
      for (const part of document.querySelectorAll('[data-personal]')) part.remove();
      const notice = document.querySelector('[data-signed-out-notice]');
      notice.hidden = false;
      notice.focus();
    };
    setTimeout(ask, 1500);
    JS;

const STYLE = <<<'CSS'
    :root { color-scheme: light dark; --ground: #fbf7f2; --ink: #2b211a; --soft: #6b5b4e; --paper: #fff; --line: #e2d6c8; --accent: #9a4a1c; }
    @media (prefers-color-scheme: dark) { :root { --ground: #1b1613; --ink: #f3ebe3; --soft: #b7a596; --paper: #26201b; --line: #43382f; --accent: #f0a778; } }
    * { box-sizing: border-box; }
    body { margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.55 system-ui, sans-serif; min-height: 100dvh; display: flex; flex-direction: column; }
    header, main, footer, .session { width: 100%; max-width: 60rem; margin-inline: auto; padding: .8rem 1.1rem; }
    header, .session { display: flex; justify-content: space-between; align-items: center; gap: 1rem; flex-wrap: wrap; }
    .session { border-block: 1px solid var(--line); padding-block: .3rem; font-size: .92rem; } .session p { margin: 0; }
    nav { display: flex; gap: 1.2rem; } main { flex: 1; } footer, .note, .kicker { color: var(--soft); font-size: .9rem; }
    .brand, h1, h2 { font-family: Georgia, serif; text-wrap: balance; } .brand { font-size: 1.3rem; text-decoration: none; color: inherit; }
    h1 { font-size: clamp(1.8rem, 1.4rem + 2vw, 2.7rem); line-height: 1.15; margin-block: .3rem 1rem; }
    a { color: var(--accent); text-underline-offset: .2em; }
    button, .button { display: inline-block; min-height: 44px; padding: .6rem 1.1rem; border: 0; border-radius: .5rem; background: var(--accent); color: var(--ground); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer; }
    .plain { background: none; color: var(--accent); text-decoration: underline; padding-inline: .3rem; }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .shelf { list-style: none; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: 1rem; }
    .shelf li, .card { background: var(--paper); border: 1px solid var(--line); border-radius: .8rem; padding: 1rem; margin-block-end: 1rem; }
    .foot { display: flex; justify-content: space-between; align-items: center; } h3 { margin: 0; }
    .away { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
    address { font-style: normal; border-inline-start: 3px solid var(--accent); padding-inline-start: .8rem; } dd { margin: 0 0 1rem; } dt { font-weight: 600; }
    .refused, code { overflow-wrap: anywhere; } pre { overflow-x: auto; } .ended { background: var(--accent); color: var(--ground); padding: .6rem 1.1rem; }
    CSS;

$database->exec('create table if not exists orders (id text primary key, user_ref text not null,
    items text not null, total_cents integer not null, created_at text not null)');

try {
    route($_SERVER['REQUEST_METHOD'], explode('?', $_SERVER['REQUEST_URI'], 2)[0])->send();
} catch (UserrefThrowable $error) {
    $site->answerError($error)->send();
}

function route(string $method, string $path): Answer
{
    if ($method !== 'GET' && !isOurForm()) {
        return page('Refused', '<h1>Refused</h1><p>This form did not come from this shop. Nothing was done.</p>', 403);
    }
    $isOrder = preg_match('~\A/orders/([A-Z0-9-]{4,20})\z~D', $path, $found) === 1;

    return match (true) {
        $path === '/' => home(),
        $path === '/basket' && $method === 'POST' => addToBasket((string) ($_POST['sku'] ?? '')),
        $path === '/checkout' => checkout(),
        $path === '/orders' && $method === 'POST' => placeOrder(),
        $path === '/orders' => orders(),
        $isOrder => order($found[1]),
        $path === '/live' => new Answer(200, ['Content-Type' => 'application/json', 'Cache-Control' => 'no-store'], json_encode(['signed_in' => user() !== null])),
        default => page('Page not found', '<h1>Page not found</h1><p>Nothing is kept here.</p>', 404),
    };
}

function home(): Answer
{
    $items = '';
    foreach (PRODUCTS as $sku => [$name, $note, $cents]) {
        $items .= '<li><h3>' . e($name) . '</h3><p class="note">' . e($note) . '</p><div class="foot"><b>' . euro($cents)
            . '</b><form method="post" action="/basket"><button name="sku" value="' . e($sku) . '">Add<span class="away"> '
            . e($name) . ' to the basket</span></button></form></div></li>';
    }
    $in = user() === null ? '<p><a class="button" href="' . e(signInPath('/')) . '">Sign in, no name needed</a></p>' : '';

    return page('Things for a slow kitchen', '<p class="kicker">Things for a slow kitchen</p><h1>Cook like you have time.</h1>'
        . $in . '<h2>On the shelf</h2><ul class="shelf">' . $items . '</ul>');
}

/** Asks for the address, and for the e-mail along with it; shows the address, and does not write it down. */
function checkout(): Answer
{
    global $site;
    if (user() === null) {
        return $site->login();
    }
    $question = $site->requireConsent(['address:shipping'], PURPOSE, optional: ['contact:email']);
    if ($question !== null) {
        return $question;
    }
    $address = $site->attributes(['address:shipping'], PURPOSE)->get('address:shipping');

    return page('Check out', '<h1>Check out</h1>' . lines(basket()) . '<section class="card" data-personal><h2>Where it goes</h2>'
        . label($address) . '<form method="post" action="/orders"><button>Place the order</button></form></section>');
}

function placeOrder(): Answer
{
    global $database, $site;
    $items = basket();
    if ($items === []) {
        return Answer::redirect('/');
    }
    $id = 'CS-' . strtoupper(bin2hex(random_bytes(4)));
    $database->prepare('insert into orders values (?, ?, ?, ?, ?)')
        ->execute([$id, $site->requireUser()->userRef, implode(' ', $items), total($items), gmdate('c')]);
    setcookie('basket', '', ['expires' => 1, 'path' => '/']);

    return Answer::redirect("/orders/{$id}");
}

function orders(): Answer
{
    if (user() === null) {
        return signInFirst();
    }
    $list = '';
    foreach (rowsOf(user()->userRef) as $row) {
        $list .= '<li><a href="/orders/' . e($row['id']) . '">' . e($row['id']) . '</a> · ' . euro((int) $row['total_cents']) . '</li>';
    }

    return page('Your orders', '<div data-personal><h1>Your orders</h1><ul>' . ($list ?: '<li>None yet.</li>') . '</ul></div>');
}

function order(string $id): Answer
{
    if (user() === null) {
        return signInFirst();
    }
    foreach (rowsOf(user()->userRef) as $row) {
        if ($row['id'] === $id) {
            return page("Order {$id}", '<div data-personal><h1>' . e($id) . '</h1>' . lines(explode(' ', $row['items']))
                . '<section class="card"><h2>What you share for it</h2><dl>'
                . '<dt>Delivery address</dt><dd data-attribute="address:shipping">' . shared('address:shipping') . '</dd>'
                . '<dt>E-mail address</dt><dd data-attribute="contact:email">' . shared('contact:email') . '</dd></dl></section>'
                . '<section class="card" data-stored><h2>What this shop has stored about you</h2><pre>'
                . e(json_encode($row, JSON_PRETTY_PRINT)) . '</pre></section></div>');
        }
    }

    return page('No such order', '<h1>No such order</h1><p>There is no order with this number among yours.</p>', 404);
}

/** Does not sign in by itself: who was signed out from elsewhere should see that. */
function signInFirst(): Answer
{
    $path = explode('?', $_SERVER['REQUEST_URI'], 2)[0];

    return page('Sign in', '<h1>Sign in first</h1><p><a class="button" href="' . e(signInPath($path)) . '">Sign in</a></p>', 401);
}

/** One attribute from the person's vault, now; or why there is none. */
function shared(string $name): string
{
    global $site;
    try {
        $value = $site->attributes([$name], PURPOSE)->get($name);
    } catch (UserrefThrowable $error) {
        return '<p class="refused">Not shared with us: <code>' . e($error->errorCode()->value) . '</code></p>';
    }

    return is_array($value) ? label($value) : '<p>' . e((string) ($value ?? 'There is none in your vault.')) . '</p>';
}

/** @param array<string, string>|null $address */
function label(?array $address): string
{
    $town = trim(($address['postal_code'] ?? '') . ' ' . ($address['locality'] ?? ''));
    $lines = [$address['recipient'] ?? '', ...explode("\n", $address['street_address'] ?? ''), $town, $address['country'] ?? ''];
    $html = implode('<br>', array_map(e(...), array_filter($lines)));

    return $html === ''
        ? '<p class="refused">You allow it, but there is no address in your vault.</p>'
        : "<address>{$html}</address><p class=\"note\">Fetched from your vault just now. Not stored here.</p>";
}

function addToBasket(string $sku): Answer
{
    if (isset(PRODUCTS[$sku])) {
        $items = array_slice([...basket(), $sku], 0, 20);
        setcookie('basket', implode(' ', $items), ['path' => '/', 'httponly' => true, 'samesite' => 'Lax']);
    }

    return Answer::redirect('/');
}

/** @return list<string> */
function basket(): array
{
    $words = is_string($_COOKIE['basket'] ?? null) ? explode(' ', $_COOKIE['basket']) : [];

    return array_values(array_filter(array_slice($words, 0, 20), static fn (string $sku): bool => isset(PRODUCTS[$sku])));
}

/** @param list<string> $items */
function total(array $items): int
{
    return array_sum(array_map(static fn (string $sku): int => PRODUCTS[$sku][2] ?? 0, $items));
}

/** @param list<string> $items */
function lines(array $items): string
{
    $html = '';
    foreach (array_count_values($items) as $sku => $count) {
        $html .= "<li>{$count} × " . e(PRODUCTS[$sku][0] ?? $sku) . '</li>';
    }

    return '<section class="card"><h2>What it is</h2><ul>' . ($html ?: '<li>The basket is empty.</li>') . '</ul><p><b>' . euro(total($items)) . '</b></p></section>';
}

/** @return list<array<string, mixed>> */
function rowsOf(string $userRef): array
{
    global $database;
    $statement = $database->prepare('select * from orders where user_ref = ? order by created_at desc');
    $statement->execute([$userRef]);

    // Databases compare as they please; people are told apart exactly.
    return array_values(array_filter($statement->fetchAll(PDO::FETCH_ASSOC), static fn (array $row): bool => $row['user_ref'] === $userRef));
}

function user(): ?Session
{
    global $site;

    return $site->user();
}

/** A link to an address of this shop, never to the sign-in service: the page may be cached, a login may not. */
function signInPath(string $returnTo): string
{
    global $site;

    return $site->loginPath($returnTo);
}

/** SameSite cookies are not enough where shops share a host name and differ by port: browsers count those as one site. */
function isOurForm(): bool
{
    $site = $_SERVER['HTTP_SEC_FETCH_SITE'] ?? null;

    return $site === null ? ($_SERVER['HTTP_ORIGIN'] ?? '') === getenv('USERREF_BASE_URL') : $site === 'same-origin';
}

function euro(int $cents): string
{
    return number_format($cents / 100, 2) . ' €';
}

function e(string $text): string
{
    return htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE, 'UTF-8');
}

function page(string $title, string $body, int $status = 200): Answer
{
    $user = user();
    $nonce = base64_encode(random_bytes(12));
    $count = count(basket());
    $in = '<a href="' . e(signInPath('/')) . '">Sign in</a>';
    $session = '';
    $script = '';
    if ($user !== null) {
        $in = '<a href="/orders" data-personal>Orders</a>';
        $session = '<div class="session" data-personal><p>Signed in as <code data-user-ref="' . e($user->userRef) . '">'
            . e(substr($user->userRef, 0, 12)) . '…</code> — your code in this shop, and only in this one</p>'
            . '<form method="post" action="/userref/logout"><button class="plain">Sign out</button></form></div>';
        $script = '<script nonce="' . $nonce . '">' . LIVE . '</script>';
    }
    $issuer = preg_replace('~\A(https?://[^/]+).*~', '$1', (string) getenv('USERREF_ISSUER'));
    $policy = "default-src 'none'; script-src 'nonce-{$nonce}'; style-src 'nonce-{$nonce}'; connect-src 'self'; img-src data:; "
        . "form-action 'self' {$issuer}; base-uri 'none'; frame-ancestors 'none'";
    $html = '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
        . '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,"><title>' . e($title) . ' · Copper &amp; Salt</title>'
        . "<style nonce=\"{$nonce}\">" . STYLE . '</style></head><body><header><a class="brand" href="/">Copper &amp; Salt</a>'
        . '<nav aria-label="Shop"><a href="/checkout">Basket' . ($count ? " ({$count})" : '') . "</a>{$in}</nav></header>{$session}"
        . '<div class="ended" data-signed-out-notice role="alert" tabindex="-1" hidden><p><strong>Access was withdrawn; you are signed out.</strong>'
        . " What you had shared has left this page.</p></div><main>{$body}</main><footer><p>An example shop. It recognises people by a code that"
        . " only this shop can use, and asks for anything else when it is needed.</p></footer>{$script}</body></html>\n";

    return new Answer($status, [
        'Content-Type' => 'text/html; charset=utf-8',
        'Content-Security-Policy' => $policy,
        'Referrer-Policy' => 'same-origin',
        'X-Content-Type-Options' => 'nosniff',
        'Cache-Control' => 'no-store',
    ], $html);
}
