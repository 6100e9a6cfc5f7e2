// The editor's side of the block: a likeness of the button, and its text. What visitors get is made by PHP.
((wp) => {
  const { createElement } = wp.element;
  const { InspectorControls, useBlockProps } = wp.blockEditor;
  const { PanelBody, TextControl } = wp.components;
  const { __ } = wp.i18n;

  function edit({ attributes, setAttributes }) {
    const field = createElement(TextControl, {
      label: __('Text of the button', 'userref-login'),
      value: attributes.label,
      onChange: (label) => setAttributes({ label }),
    });
    const panel = createElement(PanelBody, { title: __('Button', 'userref-login') }, field);
    const likeness = createElement(
      'span',
      { className: 'userref-login-button wp-element-button' },
      attributes.label || __('Sign in with Userref', 'userref-login'),
    );
    return createElement('div', useBlockProps(), createElement(InspectorControls, null, panel), likeness);
  }

  wp.blocks.registerBlockType('userref/login', {
    apiVersion: 3,
    title: __('Sign in with Userref', 'userref-login'),
    description: __('A button for visitors who are not signed in.', 'userref-login'),
    category: 'widgets',
    icon: 'admin-users',
    attributes: { label: { type: 'string', default: '' } },
    supports: { html: false },
    edit,
    save: () => null,
  });
})(window.wp);
