/// How the pages look.
enum Stylesheet {
    static let text = """
        :root {
          color-scheme: light dark;
          --ground: #f3f6f5; --paper: #fff; --ink: #14211e; --soft: #566661; --line: #dfe7e4;
          --accent: #0e6e60; --on-accent: #fff; --accent-deep: #0a564b; --wash: #e4f1ed;
          --alert: #a63c22; --alert-wash: #fbeee9; --code: #0d5a4f;
          --shadow: 0 1px 2px rgb(16 40 34 / 6%), 0 12px 32px -12px rgb(16 40 34 / 14%);
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --ground: #0e1614; --paper: #17211e; --ink: #e8efec; --soft: #9db0aa; --line: #2a3834;
            --accent: #5fd3bd; --on-accent: #06231d; --accent-deep: #86e3d1; --wash: #18302a;
            --alert: #f3a488; --alert-wash: #35211a; --code: #8fdccb;
            --shadow: 0 1px 2px rgb(0 0 0 / 30%), 0 12px 32px -12px rgb(0 0 0 / 50%);
          }
        }
        *, ::before, ::after { box-sizing: border-box; }
        html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
        body {
          margin: 0; min-height: 100vh; display: flex; flex-direction: column; background: var(--ground);
          background-image: radial-gradient(60rem 24rem at 50% -10rem, var(--wash), transparent);
          background-repeat: no-repeat; color: var(--ink);
          font: 1rem/1.6 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
        }
        header, main, footer { width: 100%; max-width: 60rem; margin-inline: auto; padding-inline: 1.25rem; }
        header { padding-block: 1.5rem; }
        main { flex: 1; padding-block: 1.5rem 3rem; }
        footer { padding-block: 1.5rem; color: var(--soft); font-size: .875rem; }
        h1, h2, p, ul, ol, dl, dd, pre { margin: 0; }
        h1 { font-size: clamp(1.5rem, 1.1rem + 2vw, 2.125rem); line-height: 1.2; letter-spacing: -.022em; font-weight: 680;
          overflow-wrap: anywhere; text-wrap: balance; }
        h2 { font-size: 1.125rem; line-height: 1.35; letter-spacing: -.01em; font-weight: 650; }
        strong { font-weight: 620; }
        code, pre { font: .875em/1.55 ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono",
          monospace; overflow-wrap: anywhere; }
        a { color: var(--accent); text-underline-offset: .2em; }
        a:hover { color: var(--accent-deep); }
        :focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: 6px; }
        .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
          white-space: nowrap; }

        .brand { display: inline-flex; align-items: center; gap: .7rem; color: var(--ink); font-weight: 640;
          text-decoration: none; letter-spacing: -.01em; }
        .mark rect { fill: var(--accent); }
        .mark path { fill: var(--on-accent); }

        .card { max-width: 36rem; margin-inline: auto; padding: clamp(1.5rem, 1rem + 3vw, 2.75rem); background: var(--paper);
          border: 1px solid var(--line); border-radius: 20px; box-shadow: var(--shadow); }
        .card.wide { max-width: none; }
        .card > * + * { margin-top: 1rem; }
        .card > h2:not(:first-child) { margin-top: 1.75rem; }
        .card > h2 + p { margin-top: .35rem; }
        .lead { color: var(--soft); }
        .alert { display: block; fill: var(--alert-wash); stroke: var(--alert); stroke-width: 2; stroke-linecap: round; }
        .alert circle { stroke: none; }
        .own, .cut { color: var(--soft); font-size: .875em; }
        .cut { margin-inline-start: .4em; }
        .codepoint { padding: .05em .35em; border-radius: 5px; background: var(--alert-wash); color: var(--alert);
          white-space: nowrap;
          font: .75em/1.4 ui-monospace, monospace; }

        h1 .codepoint { font-size: .5em; letter-spacing: 0; }
        h1 .cut { font-size: .5em; font-weight: 400; letter-spacing: 0; }

        .actions { display: flex; flex-wrap: wrap; gap: .75rem; }
        .card > .actions { margin-top: 1.75rem; }
        .button { display: inline-block; padding: .6rem 1.15rem; border: 1px solid var(--line); border-radius: 11px;
          background: var(--paper); color: var(--ink); font: inherit; font-weight: 580; line-height: 1.4;
          text-decoration: none; cursor: pointer; transition: background-color .15s, border-color .15s; }
        .button:hover { border-color: var(--accent); color: var(--ink); background: var(--wash); }
        .button.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
        .button.primary:hover { background: var(--accent-deep); border-color: var(--accent-deep); color: var(--on-accent); }

        .providers { display: grid; gap: .75rem; padding: 0; list-style: none; }
        .card > .providers { margin-top: 1.75rem; }
        .provider { display: flex; align-items: center; gap: .9rem; padding: .85rem 1.1rem; border: 1px solid var(--line);
          border-radius: 14px; color: var(--ink); text-decoration: none; overflow-wrap: anywhere;
          transition: background-color .15s, border-color .15s; }
        .provider:hover { background: var(--wash); border-color: var(--accent); color: var(--ink); }
        .providers li:only-child .provider { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
        .providers li:only-child .provider:hover { background: var(--accent-deep); border-color: var(--accent-deep); }
        .providers li:only-child .arrow { stroke: currentColor; }
        .providers li:only-child .badge { display: none; }
        .logo { flex: none; width: 2.5rem; height: 2.5rem; object-fit: contain; }
        .email { margin-top: 1.5rem; }
        .email label { display: block; margin-bottom: .35rem; font-weight: 600; }
        .email div { display: flex; flex-wrap: wrap; gap: .5rem; }
        .email input { flex: 1 1 14rem; min-width: 0; padding: .55rem .75rem; font: inherit; color: inherit;
          background: transparent; border: 1px solid currentColor; border-radius: 10px; }
        .badge { flex: none; display: grid; place-items: center; width: 2.5rem; height: 2.5rem; border-radius: 10px;
          background: var(--wash); color: var(--code); font-weight: 680; }
        .arrow { flex: none; margin-inline-start: auto; fill: none; stroke: var(--accent); stroke-width: 1.8;
          stroke-linecap: round; stroke-linejoin: round; transition: transform .15s; }
        .provider:hover .arrow { transform: translateX(3px); }

        .note { padding: 1rem 1.2rem; border-radius: 14px; background: var(--wash); font-size: .9375rem; }
        .card > .note { margin-top: 1.5rem; }
        .note.warning { background: var(--alert-wash); }
        .note pre { margin-top: .4rem; padding: .8rem 1rem; border-radius: 10px; background: var(--paper);
          white-space: pre-wrap; }
        .note ol { padding-inline-start: 1.25rem; margin-top: .75rem; }
        .note li + li { margin-top: .75rem; }
        details { margin-top: .75rem; }
        .card > details { margin-top: 2rem; padding-top: 1.25rem; border-top: 1px solid var(--line); }
        summary { cursor: pointer; color: var(--accent); font-weight: 560; }
        details[open] > summary { margin-bottom: .75rem; }

        .parts { display: grid; grid-template-columns: minmax(5rem, max-content) 1fr; gap: .3rem 1.25rem; }
        .parts dt { color: var(--soft); overflow-wrap: anywhere; }
        .parts dd { overflow-wrap: anywhere; }

        .greeting { display: flex; flex-wrap: wrap; align-items: center; gap: 1.25rem; margin-bottom: 1.75rem; }
        .greeting .words { flex: 1 1 20rem; min-width: 0; }
        .greeting p { margin-top: .3rem; color: var(--soft); overflow-wrap: anywhere; }
        .greeting strong { color: var(--ink); }
        .avatar { flex: none; display: grid; place-items: center; width: 4.25rem; height: 4.25rem; border-radius: 50%;
          background: var(--accent); color: var(--on-accent); font-size: 1.5rem; font-weight: 640; letter-spacing: .02em;
          overflow: hidden; }
        .avatar svg { fill: currentColor; }

        .claims { width: 100%; border-collapse: collapse; table-layout: fixed; }
        .card > .claims { margin-top: 1.25rem; }
        .claims th, .claims td { padding: .8rem 1rem .8rem 0; text-align: start; vertical-align: baseline;
          border-top: 1px solid var(--line); overflow-wrap: anywhere; }
        .claims thead th { padding-block: .4rem; border-top: 0; color: var(--soft); font-size: .8125rem; font-weight: 560; }
        .claims thead th:first-child { width: 26%; }
        .claims thead th:last-child { width: 32%; }
        .claims th code { color: var(--code); font-weight: 600; }
        .claims .value { white-space: pre-wrap; overflow: hidden; }
        .claims .meaning { color: var(--soft); font-size: .875rem; }
        .claims .meaning .own { font-size: inherit; font-style: italic; }
        .items { display: flex; flex-wrap: wrap; gap: .4rem; padding: 0; list-style: none; white-space: normal; }
        .items li { padding: .1rem .65rem; border-radius: 99px; background: var(--wash); }
        .items li.cut { background: none; }

        .sessions thead th:first-child { width: 42%; }
        .sessions thead th:last-child { width: 6.5rem; }
        .sessions th { font-weight: 400; }
        .sessions td:last-child { text-align: end; padding-inline-end: 0; }
        .narrow { display: none; }

        .sequence { display: block; width: 100%; max-width: 40rem; margin: 1rem auto 0; height: auto; }
        .sequence .life { stroke: var(--line); stroke-width: 1.5; }
        .sequence .party { fill: var(--wash); stroke: var(--line); }
        .sequence text { font: 12px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
          fill: var(--ink); }
        .sequence .name { text-anchor: middle; font-weight: 640; }
        .sequence .label { paint-order: stroke; stroke: var(--paper); stroke-width: 4px; stroke-linejoin: round; }
        .sequence .arrow-line, .sequence .arrow-head { fill: none; stroke: var(--accent); stroke-width: 1.8;
          stroke-linecap: round; stroke-linejoin: round; }
        .sequence .own { fill: var(--wash); stroke: var(--accent); stroke-width: 1.8; }
        .sequence .failed .arrow-line, .sequence .failed .arrow-head, .sequence .failed .own { stroke: var(--alert);
          stroke-dasharray: 5 4; }
        .sequence .failed text { fill: var(--alert); font-weight: 680; }
        .trace .lead + .step { margin-top: 1rem; }
        .trace .step { border-top: 1px solid var(--line); margin: 0; padding-block: .9rem; }
        .trace .step > p { color: var(--soft); max-width: 46rem; }
        .trace .step summary { color: var(--ink); }
        .trace .step summary::marker { color: var(--accent); }
        .verdict { white-space: nowrap; color: var(--soft); }
        .verdict.passed { color: var(--code); font-weight: 620; }
        .verdict.failed { color: var(--alert); font-weight: 680; }
        .detail { margin-top: 1.25rem; font-size: .9375rem; }
        .detail caption { text-align: start; font-weight: 620; padding-bottom: .25rem; }
        .claims.detail th, .claims.detail td { padding-block: .45rem; }
        .claims.detail.two thead th:last-child { width: auto; }
        .claims.rules thead th:first-child { width: 38%; }
        .claims.rules thead th:last-child { width: 9rem; }
        .rules th { font-weight: 400; }
        h3 { margin: 1.25rem 0 .35rem; font-size: 1rem; font-weight: 640; }
        details > p { margin-top: .75rem; }
        .steps { padding-inline-start: 1.4rem; overflow-wrap: anywhere; }
        .steps li + li { margin-top: .35rem; }
        .support { width: 100%; padding: .9rem 1rem; border: 1px solid var(--line); border-radius: 12px;
          background: var(--ground); color: var(--ink); resize: vertical;
          font: .8125rem/1.5 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
        .tag { padding: .1rem .6rem; border-radius: 99px; background: var(--wash); color: var(--code);
          font-size: .8125rem; white-space: nowrap; }

        @media (max-width: 44rem) {
          .narrow { display: inline; color: var(--soft); }
          .sequence text { font-size: 14px; }
          .detail caption { display: block; }
          .sessions td:last-child { text-align: start; margin-top: .5rem; }
          .greeting { gap: 1rem; }
          .greeting .words { flex: 1 1 12rem; }
          .greeting form, .greeting form .button { width: 100%; }
          .avatar { width: 3.25rem; height: 3.25rem; font-size: 1.2rem; }
          .claims, .claims tbody, .claims tr, .claims th, .claims td { display: block; width: auto; }
          .claims thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
          .claims tr { padding-block: .85rem; border-top: 1px solid var(--line); }
          .claims tbody tr:first-child { border-top: 0; padding-top: 0; }
          .claims tbody th, .claims tbody td { padding: 0; border: 0; }
          .claims .value { margin-block: .1rem; }
          .actions .button { flex: 1 1 auto; text-align: center; }
        }
        @media (prefers-reduced-motion: reduce) {
          * { transition: none !important; }
        }

        """
}
