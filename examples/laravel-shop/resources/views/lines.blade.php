<section class="card">
  <h2>What it is</h2>
  <ul>
    @forelse (App\Shop\Catalogue::lines($items) as $name => $count)
    <li>{{ $count }} × {{ $name }}</li>
    @empty
    <li>The basket is empty.</li>
    @endforelse
  </ul>
  <p><b>@euro(App\Shop\Catalogue::total($items))</b></p>
</section>
