extension ListingPage {
    /// Contrast is 4.5 : 1 or more for every text, in light and dark.
    static let style = """
        :root{color-scheme:light dark;--back:#fff;--text:#1b1b1f;--soft:#5b5b66;--line:#d9d9e0;--link:#0b57b0;\
        --mark:#f0f4fb;--folder:#8a5a00}
        @media(prefers-color-scheme:dark){:root{--back:#17181c;--text:#e7e7ea;--soft:#a9a9b4;--line:#3a3b43;\
        --link:#8ab8ff;--mark:#22242b;--folder:#e6b455}}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:64rem;padding:1rem clamp(.75rem,4vw,2.5rem) 3rem;background:var(--back);\
        color:var(--text);font:1rem/1.5 system-ui,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        a{color:var(--link);text-underline-offset:.2em}
        a:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:.2rem}
        h1{margin:.75rem 0 .25rem;font-size:clamp(1.25rem,4vw,1.75rem);line-height:1.25;font-weight:650;\
        overflow-wrap:anywhere}
        nav ol{display:flex;flex-wrap:wrap;margin:0;padding:0;list-style:none}
        nav li{overflow-wrap:anywhere}
        nav li::after{content:"/";padding:0 .5rem;color:var(--soft)}
        nav li a,.up a,.pages a,.pages span{display:inline-block;padding:.25rem 0}
        .note{margin:0;color:var(--soft)}
        .cut{margin-top:.5rem;padding:.5rem .75rem;border-left:.25rem solid var(--folder);background:var(--mark);\
        color:var(--text)}
        .up{margin:.5rem 0 0}
        .up a::before{content:"\\2191\\00a0"/""}
        .pages{display:flex;gap:1rem;align-items:baseline;margin:1rem 0}
        .pages b{font-weight:500}
        .pages span{color:var(--soft)}
        table{width:100%;margin-top:1rem;border-collapse:collapse}
        th,td{padding:.5rem .5rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
        thead th{font-size:.875rem;font-weight:600;vertical-align:bottom;border-bottom-width:2px}
        th:first-child{width:100%;padding-left:.5rem}
        thead a{color:inherit;text-decoration:none}
        thead a:hover{text-decoration:underline}
        thead th[aria-sort=ascending] a::after{content:" \\25B2"/""}
        thead th[aria-sort=descending] a::after{content:" \\25BC"/""}
        tbody th:first-child{font-weight:400;overflow-wrap:anywhere;padding:0}
        tbody th a{display:flex;gap:.625rem;padding:.5rem;text-decoration:none}
        tbody th a:hover bdi{text-decoration:underline}
        tbody tr:hover{background:var(--mark)}
        td{color:var(--soft);font-variant-numeric:tabular-nums}
        td span:not(.long),data{white-space:nowrap}
        td:has(data),thead th:has([href*="sort=size"]){text-align:right}
        svg{flex:none;width:1.25rem;height:1.5rem;fill:none;stroke:var(--soft);stroke-width:1.5;stroke-linecap:round;\
        stroke-linejoin:round}
        svg[width]{position:absolute;width:0;height:0}
        svg.folder,svg.mount{stroke:var(--folder)}
        @media(max-width:40rem){th,td{padding:.5rem .25rem}td{font-size:.875rem}}
        @media(min-width:40.01rem){thead th,time{white-space:nowrap}}
        """
}
