extension ErrorPage {
    /// Colours of text reach a contrast of 7:1 in both schemes; nothing is wider than a phone.
    static let style = """
        :root{color-scheme:light dark;--page:#fff;--text:#1b1b1f;--quiet:#44464f;--band:#f4f1f1;--line:#d8d3d3;\
        --mark:#8c1d18;--markBand:#fbe9e7;--link:#0b4a8f}
        @media(prefers-color-scheme:dark){:root{--page:#151417;--text:#ece8ea;--quiet:#c6c2c6;--band:#211f23;\
        --line:#454147;--mark:#ffb4ab;--markBand:#3b2321;--link:#a9c7ff}}
        *{box-sizing:border-box}
        body{margin:0;font:1rem/1.55 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif;\
        background:var(--page);color:var(--text)}
        header,main,footer{max-width:64rem;margin:0 auto;padding:0 1.25rem}
        h1{margin:2.5rem 0 .75rem;font-size:clamp(1.5rem,5vw,2.25rem);line-height:1.2;font-weight:650}
        h1 span{display:block;font-size:1rem;font-weight:600;color:var(--mark);letter-spacing:.02em}
        h1+p{margin:0 0 1.5rem;font-size:1.125rem;color:var(--quiet);max-width:46rem}
        section{border-top:1px solid var(--line);padding:1.25rem 0}
        h2{margin:0 0 .5rem;font-size:1.125rem}
        ul{margin:0;padding-left:1.25rem;max-width:46rem}
        li{margin:.25rem 0}
        dl{margin:0}
        dl div{display:flex;flex-wrap:wrap;padding:.375rem 0}
        dl div+div{border-top:1px solid var(--line)}
        dt{flex:0 0 10rem;font-weight:600}
        dd{margin:0;flex:1 1 14rem;min-width:0;overflow-wrap:anywhere}
        pre{margin:0;overflow-x:auto;padding:.75rem 1rem;background:var(--band);border:1px solid var(--line);\
        border-radius:.375rem;font:.875rem/1.6 ui-monospace,"Cascadia Mono",Consolas,"DejaVu Sans Mono",monospace}
        pre strong{display:inline-block;min-width:100%;color:var(--mark);background:var(--markBand)}
        code{font:.9em ui-monospace,"Cascadia Mono",Consolas,"DejaVu Sans Mono",monospace}
        a{color:var(--link)}
        :focus-visible{outline:3px solid var(--link);outline-offset:2px}
        footer{padding-bottom:2.5rem;font-size:.875rem;color:var(--quiet)}
        footer p{border-top:1px solid var(--line);padding-top:1rem;margin:0}
        """
}
