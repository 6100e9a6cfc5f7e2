@extends('layout')
@section('title', 'Yarn for slow evenings')
@section('main')
  <p class="kicker">Yarn for slow evenings</p>
  <h1>Make it, mend it, wear it.</h1>
  @userref
  @else
  <p><x-userref-login return-to="/" class="button">Sign in, no name needed</x-userref-login></p>
  @enduserref
  <h2>On the shelf</h2>
  <ul class="shelf">
    @foreach ($products as $sku => $product)
    <li>
      <h3>{{ $product['name'] }}</h3>
      <p class="note">{{ $product['note'] }}</p>
      <div class="foot">
        <b>@euro($product['cents'])</b>
        <form method="post" action="/basket">
          @csrf
          <button name="sku" value="{{ $sku }}">Add<span class="away"> {{ $product['name'] }} to the basket</span></button>
        </form>
      </div>
    </li>
    @endforeach
  </ul>
@endsection
