// What a page is looked at for: each function gives a list of complaints, empty if there is none.
({
  // An element in a few words.
  told(element) {
    const text = (element.getAttribute("alt") ?? element.textContent).trim().replace(/\s+/g, " ");
    const id = element.id ? "#" + element.id : "";
    return `<${element.tagName.toLowerCase()}${id}> '${text.slice(0, 50)}'`;
  },

  all(selector) {
    return [...document.querySelectorAll(selector)];
  },

  // Every picture is drawn, stands in a figure with a caption, and is told in words.
  figures() {
    return this.all("img").flatMap((img) => {
      const caption = img.closest("figure")?.querySelector("figcaption, h3, h4");
      const alt = (img.getAttribute("alt") ?? "").trim();
      const faults = [];
      if (!img.complete || img.naturalWidth === 0) faults.push("is not drawn");
      if (alt.length < 20) faults.push("is not told in words (alt)");
      if (!caption?.textContent.trim()) faults.push("has no caption");
      return faults.map((fault) => `${this.told(img)} ${fault}`);
    });
  },

  // One h1, no level left out, landmarks, a language, a title, a link past the contents.
  outline() {
    const faults = [];
    const headings = this.all("h1, h2, h3, h4, h5, h6");
    const levels = headings.map((heading) => Number(heading.tagName[1]));
    if (levels.filter((level) => level === 1).length !== 1) faults.push("there is not one h1");
    if (levels[0] !== 1) faults.push("the first heading is no h1");
    headings.forEach((heading, n) => {
      if (n && levels[n] > levels[n - 1] + 1) faults.push(`${this.told(heading)} leaves out a level`);
      if (!heading.textContent.trim()) faults.push("a heading is empty");
    });
    if (document.documentElement.lang !== "en") faults.push("the language is not told");
    if (!document.title.trim()) faults.push("there is no title");
    if (this.all("main").length !== 1) faults.push("there is not one main");
    if (this.all("nav[aria-label], nav[aria-labelledby]").length < 1) faults.push("no named nav");
    const first = document.querySelector("a[href]");
    const target = document.getElementById(first?.getAttribute("href").slice(1));
    if (!target?.closest("main") || first.closest("nav")) faults.push("the first link does not skip to main");
    return faults;
  },

  // Every table has a caption, heads with a scope, a head a row, and rows of one length.
  tables() {
    return this.all("table").flatMap((table) => {
      const faults = [];
      if (!table.caption?.textContent.trim()) faults.push("has no caption");
      if (!table.tHead?.querySelector("th")) faults.push("has no head");
      for (const head of table.querySelectorAll("th")) {
        if (!/^(col|row|colgroup|rowgroup)$/.test(head.getAttribute("scope") ?? ""))
          faults.push(`has a head without scope: ${this.told(head)}`);
        if (!head.textContent.trim()) faults.push("has an empty head");
      }
      for (const row of table.querySelectorAll("tbody tr"))
        if (!row.querySelector("th")) faults.push(`has a row without a head: ${this.told(row)}`);
      if (!table.querySelector("[rowspan]")) {
        const spans = (row) => [...row.cells].reduce((sum, cell) => sum + cell.colSpan, 0);
        if (new Set([...table.rows].map(spans)).size > 1) faults.push("has rows of unlike length");
      }
      return faults.map((fault) => `${this.told(table.caption ?? table)} ${fault}`);
    });
  },

  // Every link within the page has its target, and no other depends on where the file lies.
  links() {
    const faults = [];
    const ids = this.all("[id]").map((element) => element.id);
    ids.filter((id, n) => ids.indexOf(id) !== n).forEach((id) => faults.push(`#${id} is there twice`));
    for (const link of this.all("a[href]")) {
      const href = link.getAttribute("href");
      if (href[0] === "#" && !document.getElementById(decodeURIComponent(href.slice(1))))
        faults.push(`${this.told(link)} leads nowhere: ${href}`);
      if (href[0] !== "#" && !/^(https?|mailto):/.test(href))
        faults.push(`${this.told(link)} leads to ${href}`);
      if (!link.textContent.trim()) faults.push(`a link to ${href} says nothing`);
    }
    return faults;
  },

  // Nothing that runs, and nothing fetched from elsewhere, now or ever.
  alone() {
    const running = this.all("script, iframe, object, embed, form, meta[http-equiv=refresh]");
    const faults = running.map((element) => `there is a ${element.tagName.toLowerCase()}`);
    const inside = /^(#|data:)/;
    for (const element of this.all("*"))
      for (const { name, value } of element.attributes) {
        if (name.startsWith("on")) faults.push(`${this.told(element)} runs something: ${name}`);
        const fetched = /^(src|srcset|poster|background|xlink:href)$/.test(name);
        const linked = name === "href" && element.tagName !== "A";
        if ((fetched || linked) && !inside.test(value))
          faults.push(`${this.told(element)} fetches ${value.slice(0, 60)}`);
      }
    const style = this.all("style").map((each) => each.textContent).join(" ")
      + this.all("[style]").map((each) => each.getAttribute("style")).join(" ");
    for (const [rule] of style.matchAll(/@import[^;]*|url\((?!\s*["']?data:)[^)]*\)/g))
      faults.push(`the style fetches ${rule}`);
    return faults;
  },

  // Nothing reaches over the right edge but within a region that is named and can be scrolled.
  fits() {
    const width = document.documentElement.clientWidth;
    const faults = [];
    if (document.documentElement.scrollWidth > width) faults.push(`the page scrolls at ${width} px`);
    const regions = this.all("*").filter(
      (each) => /auto|scroll/.test(getComputedStyle(each).overflowX) && each !== document.documentElement);
    for (const region of regions)
      if (region.tabIndex !== 0 || region.getAttribute("role") !== "region"
          || !(region.ariaLabel || region.getAttribute("aria-labelledby")))
        faults.push(`${this.told(region)} scrolls, but is no named region to reach by Tab`);
    for (const element of this.all("body *")) {
      const box = element.getBoundingClientRect();
      if (box.right > width + 1 && box.width && !regions.some((region) => region.contains(element)))
        faults.push(`${this.told(element)} reaches over the edge at ${width} px`);
      faults.push(...this.overflowing(element));
    }
    return faults;
  },

  // An element whose words reach over its edge, or are cut off there; a pixel wide is hidden on purpose.
  overflowing(element) {
    if (element.clientWidth <= 2 || element.scrollWidth <= element.clientWidth + 1) return [];
    const cut = /hidden|clip/.test(getComputedStyle(element).overflowX);
    const speaks = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (cut) return [`${this.told(element)} is cut off`];
    return speaks ? [`${this.told(element)} says more than it has room for`] : [];
  },

  // Width and height in pixels of an A4 page within the margins that the style gives it.
  paper() {
    const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]);
    const within = rules.flatMap((rule) => [rule, ...(rule.media ? rule.cssRules : [])]);
    const page = within.filter((rule) => rule instanceof CSSPageRule).map((rule) => rule.style);
    const side = (name) => page.map((style) => style[name]).filter(Boolean).pop() ?? "0px";
    const box = document.createElement("div");
    box.style.position = "absolute";
    box.style.width = `calc(210mm - ${side("marginLeft")} - ${side("marginRight")})`;
    box.style.height = `calc(297mm - ${side("marginTop")} - ${side("marginBottom")})`;
    document.body.append(box);
    const { width, height } = box.getBoundingClientRect();
    box.remove();
    return [Math.floor(width), Math.floor(height)];
  },

  // In print, on paper so wide and high: nothing is cut, hidden, or torn over two pages.
  printed(width, height) {
    const faults = [];
    const avoids = (element) => /avoid/.test(getComputedStyle(element).breakInside);
    for (const element of this.all("body *")) {
      const box = element.getBoundingClientRect();
      if (box.width && box.right > width + 1)
        faults.push(`${this.told(element)} reaches over the paper by ${Math.ceil(box.right - width)} px`);
      if (/auto|scroll/.test(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth)
        faults.push(`${this.told(element)} would have to be scrolled on paper`);
      faults.push(...this.overflowing(element));
    }
    for (const shown of this.all("table, figure"))
      if (!shown.checkVisibility()) faults.push(`${this.told(shown)} is not printed`);
    for (const table of this.all("table"))
      if (table.tHead && getComputedStyle(table.tHead).display !== "table-header-group")
        faults.push(`${this.told(table)} does not repeat its head`);
    for (const figure of this.all("figure")) {
      if (!avoids(figure)) faults.push(`${this.told(figure)} may be torn over two pages`);
      if (figure.getBoundingClientRect().height > height)
        faults.push(`${this.told(figure)} is higher than a page`);
    }
    for (const row of this.all("tr"))
      if (!avoids(row)) faults.push(`${this.told(row)} may be torn over two pages`);
    return faults;
  },

  // What the cells of every table say, and the words of its head; long if it fills over a page.
  written(height) {
    return this.all("table").map((table) => ({
      caption: table.caption?.textContent.trim() ?? "",
      head: [...(table.tHead?.querySelectorAll("th, td") ?? [])].map((cell) => cell.textContent).join(""),
      cells: [...table.querySelectorAll("th, td")].map((cell) => cell.textContent),
      long: table.getBoundingClientRect().height > height,
    }));
  },

  // What Tab should reach, one after another: a mark is set on each, to know it again.
  reachable() {
    const each = this.all("a[href], summary, [tabindex='0'], button, input, select, textarea");
    const shown = each.filter((element) => element.checkVisibility());
    shown.forEach((element, n) => element.setAttribute("data-nth", n));
    return shown.map((element) => this.told(element));
  },

  unmark() {
    this.all("[data-nth]").forEach((element) => element.removeAttribute("data-nth"));
  },

  // Where the focus is, and whether it is to be seen there.
  focused() {
    const element = document.activeElement;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    const ringed = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    const within = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    return {
      nth: element.hasAttribute("data-nth") ? Number(element.getAttribute("data-nth")) : null,
      told: this.told(element),
      seen: within && box.width > 2 && box.height > 2 && (ringed || style.boxShadow !== "none"),
      summary: element.tagName === "SUMMARY",
    };
  },
})
