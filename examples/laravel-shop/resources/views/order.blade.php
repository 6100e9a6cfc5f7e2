@extends('layout')
@section('title', "Order {$order->id}")
@section('main')
  <div data-personal>
    <h1>{{ $order->id }}</h1>
    @include('lines', ['items' => $order->items])
    <section class="card">
      <h2>What you share for it</h2>
      <dl>
        <dt>Delivery address</dt>
        <dd data-attribute="address:shipping">@include('shared', ['shared' => $address])</dd>
        <dt>E-mail address</dt>
        <dd data-attribute="contact:email">@include('shared', ['shared' => $email])</dd>
      </dl>
    </section>
    <section class="card" data-stored>
      <h2>What this shop has stored about you</h2>
      <pre>{{ json_encode($order, JSON_PRETTY_PRINT | JSON_UNESCAPED_SLASHES) }}</pre>
      <p class="note">The sealed address is for the label. Only your vault can open it, and only while you share it.</p>
    </section>
  </div>
@endsection
