/// The style of all pages.
let stylesheet = """
    :root {
      color-scheme: light dark;
      --ground: #f4f3f8; --card: #ffffff; --text: #1d1b26; --soft: #615d70; --line: #dcd9e6;
      --accent: #5b3fd6; --on-accent: #ffffff; --hover: #f3f0ff;
      --banner: #ffe9b8; --on-banner: #4a3500; --problem: #b3261e;
      --shadow: 0 1px 2px rgb(29 27 38 / 8%), 0 8px 28px rgb(29 27 38 / 7%);
    }
    @media (prefers-color-scheme: dark) {
      :root {
        --ground: #14131a; --card: #1f1d28; --text: #eeecf5; --soft: #aaa5bb; --line: #37343f;
        --accent: #b3a2ff; --on-accent: #1a1333; --hover: #2a2640;
        --banner: #453410; --on-banner: #ffe3a3; --problem: #ff9c93;
        --shadow: none;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; min-height: 100vh; display: flex; flex-direction: column;
      background: var(--ground); color: var(--text);
      font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
    }
    .banner { margin: 0; padding: .6rem 1rem; text-align: center; background: var(--banner); color: var(--on-banner); }
    main { width: 100%; max-width: 34rem; margin: auto; padding: 1.5rem 1rem; display: grid; gap: 1rem; }
    footer { padding: 1rem; text-align: center; font-size: .875rem; color: var(--soft); overflow-wrap: anywhere; }
    a { color: var(--accent); }
    .card {
      min-width: 0; padding: 1.75rem; background: var(--card); border: 1px solid var(--line); border-radius: 1rem;
      box-shadow: var(--shadow);
    }
    h1 { margin: 0 0 .25rem; font-size: 1.5rem; line-height: 1.25; overflow-wrap: anywhere; }
    h2 { margin: 0 0 .75rem; font-size: 1.15rem; }
    h3 { margin: 1rem 0 .25rem; font-size: 1rem; }
    h2 + h3 { margin-top: 0; }
    p { margin: 0 0 1rem; }
    .card > :last-child { margin-bottom: 0; }
    h1 + p { color: var(--soft); }
    .application { color: var(--accent); font-weight: 650; }
    .users { list-style: none; margin: 0 0 1rem; padding: 0; display: grid; gap: .6rem; }
    .user {
      width: 100%; display: grid; grid-template-columns: auto 1fr auto; align-items: center; gap: .9rem;
      padding: .8rem 1rem; border: 1px solid var(--line); border-radius: .75rem;
    }
    button { font: inherit; color: inherit; cursor: pointer; }
    button.user { background: none; text-align: left; transition: background .15s, border-color .15s; }
    button.user:hover { background: var(--hover); border-color: var(--accent); }
    :focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
    .avatar {
      width: 2.75rem; height: 2.75rem; border-radius: 50%; display: grid; place-items: center;
      font-weight: 650; color: #ffffff;
    }
    .hue-0 { background: #5b3fd6; } .hue-1 { background: #00736b; } .hue-2 { background: #b03a65; }
    .hue-3 { background: #96500a; } .hue-4 { background: #1c66b8; } .hue-5 { background: #4b7020; }
    .who { display: grid; min-width: 0; }
    .name { font-weight: 600; }
    .email { font-size: .875rem; color: var(--soft); overflow-wrap: anywhere; }
    .roles { display: flex; flex-wrap: wrap; gap: .3rem; justify-content: flex-end; }
    .role {
      padding: .05rem .55rem; border: 1px solid currentcolor; border-radius: 1rem; font-size: .8rem; color: var(--accent);
    }
    .role.none { border-color: transparent; color: var(--soft); padding-inline: 0; }
    .primary, .quiet { padding: .55rem 1.25rem; border-radius: .65rem; border: 1px solid var(--line); font-weight: 600; }
    .primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
    .quiet { background: none; color: var(--soft); }
    .primary:hover { filter: brightness(1.1); }
    .quiet:hover { color: var(--text); border-color: var(--soft); }
    form > .quiet { width: 100%; }
    .actions { display: flex; flex-wrap: wrap; gap: .6rem; }
    summary { cursor: pointer; color: var(--soft); }
    details.card { padding: 1rem 1.75rem; box-shadow: none; }
    .facts { margin: .75rem 0 1rem; font-size: .875rem; }
    .facts div { padding: .4rem 0; border-top: 1px solid var(--line); }
    .facts div:first-child { border-top: 0; }
    .facts dt { color: var(--soft); }
    .facts dd { margin: 0; font-family: ui-monospace, "Cascadia Mono", Menlo, monospace; overflow-wrap: anywhere; }
    .problem { border-top: 4px solid var(--problem); }
    .problem .remedy { font-weight: 600; }
    @media (min-width: 30rem) {
      .facts { display: grid; grid-template-columns: max-content 1fr; column-gap: 1.25rem; }
      .facts div { display: grid; grid-template-columns: subgrid; grid-column: 1 / -1; }
    }
    @media (max-width: 30rem) {
      .card { padding: 1.25rem; }
      details.card { padding: 1rem 1.25rem; }
      .user { grid-template-columns: auto 1fr; gap: .35rem .9rem; padding: .8rem; }
      .avatar { grid-row: span 2; align-self: start; }
      .roles { grid-column: 2; justify-content: flex-start; }
    }

    """

/// An open door: the icon of the pages.
let icon = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#5b3fd6"/>\
    <path d="M11 25V8.5L20 6v20z" fill="#fff"/><path d="M20 8h3v16h-3" fill="none" stroke="#fff" stroke-width="2"/>\
    <circle cx="17.5" cy="16.5" r="1.4" fill="#5b3fd6"/></svg>

    """
