<address>
  @foreach (array_filter([$address['recipient'] ?? '', ...explode("\n", $address['street_address'] ?? ''), trim(($address['postal_code'] ?? '') . ' ' . ($address['locality'] ?? '')), $address['country'] ?? '']) as $line)
  {{ $line }}@unless ($loop->last)<br>@endunless
  @endforeach
</address>
