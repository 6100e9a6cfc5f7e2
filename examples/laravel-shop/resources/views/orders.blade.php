@extends('layout')
@section('title', 'Your orders')
@section('main')
  <div data-personal>
    <h1>Your orders</h1>
    <ul>
      @forelse ($orders as $order)
      <li><a href="/orders/{{ $order->id }}">{{ $order->id }}</a> · @euro($order->total_cents)</li>
      @empty
      <li>None yet.</li>
      @endforelse
    </ul>
  </div>
@endsection
