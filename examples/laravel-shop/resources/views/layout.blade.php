<!doctype html>
<html lang="{{ str_replace('_', '-', app()->getLocale()) }}">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <link rel="icon" href="data:,">
  <link rel="stylesheet" href="/shop.css">
  <title>@yield('title') · {{ config('app.name') }}</title>
  @userref
  <script src="/live.js" defer></script>
  @enduserref
</head>
<body>
  <a class="skip" href="#main">Skip to the content</a>
  <header>
    <a class="brand" href="/">{{ config('app.name') }}</a>
    <nav aria-label="Shop">
      <a href="/checkout">Basket{{ $count ? " ({$count})" : '' }}</a>
      @userref
      <a href="/orders" data-personal>Orders</a>
      @else
      <x-userref-login return-to="/"/>
      @enduserref
    </nav>
  </header>
  @userref
  <div class="session" data-personal>
    <p>Signed in as <code data-user-ref="{{ auth()->id() }}" title="{{ auth()->id() }}">{{ substr(auth()->id(), 0, 12) }}…</code> — your code in this shop, and only in this one</p>
    <form method="post" action="{{ route('userref.logout', [], false) }}"><button class="plain">Sign out</button></form>
  </div>
  @enduserref
  <div class="ended" data-signed-out-notice role="alert" tabindex="-1" hidden>
    <p><strong>Access was withdrawn; you are signed out.</strong> What you had shared has left this page.</p>
  </div>
  <main id="main">@yield('main')</main>
  <footer><p>An example shop. It recognises people by a code that only this shop can use, and asks for anything else when it is needed.</p></footer>
</body>
</html>
