@extends('layout')
@section('title', 'Packing desk')
@section('main')
  <h1>Packing desk</h1>
  <p class="note">The shop keeps each address sealed. It is opened while a label is made, and for nothing else.</p>
  <ul class="orders">
    @forelse ($orders as $order)
    <li><b>{{ $order->id }}</b>
      @if ($order->sealed_address === null)
      <span class="note">the address was withdrawn</span>
      @else
      <a href="/packing/{{ $order->id }}">Print the label<span class="away"> of {{ $order->id }}</span></a>
      @endif
    </li>
    @empty
    <li>Nothing to pack.</li>
    @endforelse
  </ul>
@endsection
