@extends('layout')
@section('title', 'No such order')
@section('main')
  <h1>No such order</h1>
  <p>There is no order with this number among yours.</p>
@endsection
