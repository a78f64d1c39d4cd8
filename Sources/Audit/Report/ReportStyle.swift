/// How a report looks: on a bright screen, on a dark one and on paper.
enum ReportStyle {
    /// The page's style sheet.
    ///
    /// The colours of series are those of Okabe and Ito (2008), which people with any colour
    /// blindness tell apart; lines differ in their dashes, too. On a dark ground they are lighter.
    static let css = light + layout + tables + charts + dark + paper

    private static let light = """
        :root{--ink:#1c2430;--soft:#5a6675;--line:#d9dee5;--hair:#eceff3;--ground:#fff;
        --card:#f6f8fa;--link:#0b5cad;--bad:#b3261e;--badsoft:#fdf1f0;--good:#1b6e3c;
        --warn:#8a5a00;--stretch:#fff4d6;--edge:#c9a227;
        --c1:#0072b2;--c2:#e69f00;--c3:#009e73;--c4:#cc79a7;--c5:#56b4e9;--c6:#8c6d31}

        """

    private static let layout = """
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%}
        body{margin:0;background:var(--ground);color:var(--ink);
        font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
        main{max-width:76rem;margin:0 auto;padding:2.2rem 1.6rem 3rem}
        header{border-bottom:3px solid var(--ink);padding-bottom:.9rem}
        .kicker{margin:0;color:var(--soft);font-size:.8rem;letter-spacing:.06em;
        text-transform:uppercase}
        h1{margin:.1rem 0 .2rem;font-size:1.9rem;line-height:1.2;letter-spacing:-.01em;
        overflow-wrap:anywhere}
        .subtitle{margin:0;color:var(--soft)}
        h2{margin:2.4rem 0 .6rem;font-size:1.25rem;line-height:1.3;scroll-margin-top:1rem}
        h3{margin:1.5rem 0 .4rem;font-size:1rem}
        p{margin:.5rem 0;max-width:52rem}
        ul{margin:.5rem 0;padding-left:1.2rem;max-width:60rem}
        li{margin:.25rem 0;overflow-wrap:anywhere}
        a{color:var(--link);text-decoration:none}
        a:hover,a:focus{text-decoration:underline}
        nav ol{display:flex;flex-wrap:wrap;gap:.1rem 1.1rem;list-style:none;margin:.8rem 0 0;
        padding:0;font-size:.87rem}
        nav li{margin:0}
        code{font:.86em/1.4 ui-monospace,"SF Mono","DejaVu Sans Mono",Menlo,monospace;
        overflow-wrap:anywhere}
        .faint,.none,.below{color:var(--soft)}
        .none{font-style:italic}
        .below{font-size:.87rem}
        .figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));gap:.7rem;
        margin:1rem 0}
        .figure{background:var(--card);border:1px solid var(--line);border-radius:6px;
        border-top:3px solid var(--soft);padding:.6rem .8rem .7rem}
        .figure b{display:block;font-size:1.6rem;line-height:1.25;font-weight:650;
        font-variant-numeric:tabular-nums}
        .figure span{display:block;font-size:.9rem}
        .figure small{color:var(--soft);font-size:.8rem;line-height:1.35;display:block}
        .figure.bad{border-top-color:var(--bad)}
        .figure.bad b{color:var(--bad)}
        .figure.good{border-top-color:var(--good)}
        .figure.warning{border-top-color:var(--warn)}
        .tag{display:inline-block;border:1px solid currentColor;border-radius:3px;padding:0 .35em;
        font-size:.9em;line-height:1.45;white-space:nowrap;color:var(--soft)}
        .tag.bad{color:var(--bad)}.tag.good{color:var(--good)}.tag.warning{color:var(--warn)}
        .blank{border:1.5px dashed var(--edge);border-radius:6px;min-height:4.2rem;
        padding:.55rem .8rem;margin:.7rem 0;color:var(--soft);font-size:.9rem}
        .blank span::before{content:"✎  "}
        dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.25rem 1.2rem;margin:.7rem 0}
        dt{color:var(--soft)}
        dd{margin:0;overflow-wrap:anywhere}
        footer{margin-top:2.6rem;border-top:1px solid var(--line);padding-top:.8rem;
        color:var(--soft);font-size:.85rem;overflow-wrap:anywhere}

        """

    private static let tables = """
        .scroll{overflow-x:auto;margin:.6rem 0}
        table{border-collapse:collapse;width:100%;font-size:.87rem;line-height:1.4}
        th{text-align:left;font-weight:600;color:var(--soft);border-bottom:1.5px solid var(--line);
        padding:.3rem .7rem .3rem 0;vertical-align:bottom;white-space:nowrap}
        td{border-bottom:1px solid var(--hair);padding:.34rem .7rem .34rem 0;vertical-align:top;
        overflow-wrap:anywhere;min-width:5rem}
        td.n,th.n{text-align:right;white-space:nowrap;min-width:0;padding-right:1.1rem;
        font-variant-numeric:tabular-nums}
        td.w,th.w{white-space:nowrap;min-width:0;font-variant-numeric:tabular-nums}
        td.b{min-width:19rem;overflow-wrap:break-word}
        tr.bad td:first-child{box-shadow:inset 3px 0 var(--bad)}
        td:first-child,th:first-child{padding-left:.6rem}
        tr:target td{background:var(--stretch)}
        details{margin:.6rem 0}
        summary{cursor:pointer;color:var(--link)}

        """

    private static let charts = """
        .charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,29rem),1fr));
        gap:1rem;margin:1rem 0}
        .chart{margin:0;border:1px solid var(--line);border-radius:6px;padding:.7rem .8rem .5rem}
        figcaption{display:flex;justify-content:space-between;gap:1rem;font-size:.9rem;
        align-items:baseline}
        figcaption span{color:var(--soft);font-size:.8rem;text-align:right}
        svg{display:block;width:100%;height:auto;margin:.3rem 0 .1rem}
        svg text{font:11px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;
        fill:var(--soft);font-variant-numeric:tabular-nums}
        .y{text-anchor:end}.x{text-anchor:middle}
        .grid,.base,.tick,.edge,.mark{fill:none;stroke:var(--line);stroke-width:1}
        .grid{stroke:var(--hair)}.base,.tick{stroke:var(--soft)}
        .edge{stroke:var(--edge);stroke-dasharray:4 3}
        .stretch{fill:var(--stretch)}
        .mark{stroke:var(--bad);stroke-dasharray:1.5 2.5}
        .flag{fill:var(--bad)}
        .c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}
        .c4{fill:var(--c4)}.c5{fill:var(--c5)}.c6{fill:var(--c6)}
        .l1,.l2,.l3{fill:none;stroke:var(--c1);stroke-width:1.8;stroke-linejoin:round}
        .l2{stroke:var(--c2);stroke-dasharray:5 3}
        .l3{stroke:var(--c4);stroke-dasharray:1.5 3}
        .d1,.d2,.d3{fill:none;stroke:var(--c1);stroke-width:4;stroke-linecap:round}
        .d2{stroke:var(--c2)}.d3{stroke:var(--c4)}
        .legend{display:flex;flex-wrap:wrap;gap:.1rem 1rem;margin:.1rem 0 .2rem;font-size:.82rem}
        .legend em{font-style:normal;color:var(--soft);font-variant-numeric:tabular-nums}
        .legend i{display:inline-block;width:.75rem;height:.75rem;border-radius:2px;
        margin-right:.35rem;vertical-align:-.08rem;background:var(--c1)}
        i.k2{background:var(--c2)}i.k3{background:var(--c3)}i.k4{background:var(--c4)}
        i.k5{background:var(--c5)}i.k6{background:var(--c6)}
        .legend i.m1,.legend i.m2,.legend i.m3{height:0;width:1.5rem;border-radius:0;
        background:none;vertical-align:.24rem;border-top:2.5px solid var(--c1)}
        .legend i.m2{border-top:2.5px dashed var(--c2)}
        .legend i.m3{border-top:2.5px dotted var(--c4)}
        .legend i{-webkit-print-color-adjust:exact;print-color-adjust:exact}
        .shade{display:inline-block;width:1rem;height:.75rem;vertical-align:-.06rem;
        background:var(--stretch);border:1px dashed var(--edge);print-color-adjust:exact}
        .pin{font-style:normal;color:var(--bad);margin-left:.9rem}

        """

    private static let dark = """
        @media screen and (prefers-color-scheme:dark){:root{--ink:#e3e8ee;--soft:#9aa7b5;
        --line:#38424e;--hair:#262e38;--ground:#12171d;--card:#1a2129;--link:#7db8f2;--bad:#ff8a80;
        --badsoft:#2c1b1b;--good:#6fd08c;--warn:#e8b84a;--stretch:#2d2814;--edge:#a88a2a;
        --c1:#4aa8e8;--c2:#f0b323;--c3:#2fc79a;--c4:#e39cc4;--c5:#8fd3ff;--c6:#c2a15c}}

        """

    private static let paper = """
        @media print{@page{size:A4;margin:14mm 12mm}html{font-size:11.5px}body{font-size:9.5pt}main{padding:0;max-width:none}
        nav{display:none}a{color:inherit}.scroll{overflow:visible}
        h2,h3{break-after:avoid}tr,.chart,.figure,.blank{break-inside:avoid}
        thead{display:table-header-group}table{font-size:7.5pt}
        td,th,td.n,th.n{padding-right:.5rem}td,td.b{min-width:0}code{font-size:.8em}
        .charts{grid-template-columns:1fr 1fr;gap:.6rem}.figures{grid-template-columns:repeat(5,1fr);gap:.5rem}
        .stretch,.figure,tr.bad td:first-child{-webkit-print-color-adjust:exact;
        print-color-adjust:exact}details:not([open]){display:none}}
        """
}
