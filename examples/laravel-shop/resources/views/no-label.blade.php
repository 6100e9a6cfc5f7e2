@extends('layout')
@section('title', "No label for {$order->id}")
@section('main')
  <h1>No label for {{ $order->id }}</h1>
  <p class="refused">The address cannot be opened: <code>{{ $code }}</code></p>
  <p>When the person withdrew, ask them where it should go. When it is the sign-in service that is away, try again in a minute.</p>
@endsection
