<a {{ $attributes->merge(['href' => $href, 'rel' => 'nofollow']) }}>{{ $slot->isEmpty() ? __('userref::messages.sign_in') : $slot }}</a>
