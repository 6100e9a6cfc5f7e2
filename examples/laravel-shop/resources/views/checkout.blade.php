@extends('layout')
@section('title', 'Check out')
@section('main')
  <h1>Check out</h1>
  @include('lines')
  <section class="card" data-personal>
    <h2>Where it goes</h2>
    @include('shared', ['shared' => $address])
    @if ($address->value() && $items)
    <form method="post" action="/orders">@csrf<button>Place the order</button></form>
    @endif
  </section>
@endsection
