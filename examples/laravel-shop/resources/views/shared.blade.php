@if ($shared->refusal !== null)
<p class="refused">Not shared with us: <code>{{ $shared->refusal }}</code></p>
@elseif ($shared->value() === null || $shared->value() === [])
<p class="refused">You allow it, but there is none in your vault.</p>
@elseif (is_array($shared->value()))
@include('address', ['address' => $shared->value()])
<p class="note">Fetched from your vault just now. Not stored here.</p>
@else
<p>{{ $shared->value() }}</p>
@endif
