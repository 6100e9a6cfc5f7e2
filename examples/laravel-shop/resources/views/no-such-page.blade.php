@extends('layout')
@section('title', 'Page not found')
@section('main')
  <h1>Page not found</h1>
  <p>Nothing is kept here.</p>
@endsection
