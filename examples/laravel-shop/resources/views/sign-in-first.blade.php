@extends('layout')
@section('title', 'Sign in')
@section('main')
  <h1>Sign in first</h1>
  <p><x-userref-login class="button">Sign in</x-userref-login></p>
@endsection
