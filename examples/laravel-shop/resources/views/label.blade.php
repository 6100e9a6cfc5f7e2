@extends('layout')
@section('title', "Label {$order->id}")
@section('main')
  <h1>{{ $order->id }}</h1>
  <section class="card label">@include('address', ['address' => $shared->get('address:shipping')])</section>
  <p class="note">Opened for this page alone. Nothing of it was written down, but that it was opened.</p>
@endsection
