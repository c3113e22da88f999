//! Where a file may stand at a mirror: templates and layouts written out.

use crate::fetch::url::{Malformed, Url};
use crate::quote::address;

/// The addresses at `base` under which a file may stand, most likely first.
///
/// A base with `{…}` in it is a template; else each of the `layouts` (`{build}/{file}`) is tried
/// below it. An empty value means that this file has none: what needs it is left out. A base is
/// an address or a directory's absolute path; in addresses the values are percent-encoded, and a query
/// stays behind the path.
///
/// ```
/// use pyman::fetch::mirror::candidates;
///
/// let values = [("build", "20241016"), ("file", "a+b.tar.gz"), ("sha256", "")];
/// let urls = candidates("https://mirror.example/x/", &values, &["{build}/{file}", "{sha256}"])?;
/// let urls: Vec<String> = urls.iter().map(ToString::to_string).collect();
/// assert_eq!(urls, ["https://mirror.example/x/20241016/a%2Bb.tar.gz"]);
/// # Ok::<(), pyman::fetch::Malformed>(())
/// ```
pub fn candidates(
    base: &str,
    values: &[(&str, &str)],
    layouts: &[&str],
) -> Result<Vec<Url>, Malformed> {
    let encode = base.contains("://");
    if base.contains('{') {
        let written = write_out(base, values, encode)?;
        return written.iter().map(|text| text.parse()).collect();
    }
    let (base, query) = match base.find('?') {
        Some(at) if encode => base.split_at_checked(at).unwrap_or((base, "")),
        Some(_) | None => (base, ""),
    };
    let mut urls = Vec::new();
    for layout in layouts {
        if let Some(below) = write_out(layout, values, encode)? {
            let url = format!("{}/{below}{query}", base.trim_end_matches('/')).parse()?;
            if !urls.contains(&url) {
                urls.push(url);
            }
        }
    }
    Ok(urls)
}

/// The template with the values in place; nothing when one of them is empty.
fn write_out(
    template: &str,
    values: &[(&str, &str)],
    encode: bool,
) -> Result<Option<String>, Malformed> {
    let malformed = |reason: String| Malformed::new(template, reason);
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) =
            after.split_once('}').ok_or_else(|| malformed("a `{' is not closed".to_owned()))?;
        let value = values.iter().find(|(known, _)| *known == name);
        let (_, value) = value.ok_or_else(|| malformed(unknown(name, values)))?;
        if value.is_empty() {
            return Ok(None);
        }
        text.push_str(before);
        if encode {
            text.push_str(&address(value.as_bytes()));
        } else {
            text.push_str(value);
        }
        rest = after;
    }
    text.push_str(rest);
    Ok(Some(text))
}

fn unknown(name: &str, values: &[(&str, &str)]) -> String {
    let known: Vec<String> = values.iter().map(|(known, _)| format!("{{{known}}}")).collect();
    format!("`{{{}}}' is none of {}", name.escape_debug(), known.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUES: [(&str, &str); 4] =
        [("build", "20241016"), ("file", "a+b c.tgz"), ("sha256", "e3b0"), ("triple", "")];

    fn texts(base: &str, layouts: &[&str]) -> Vec<String> {
        candidates(base, &VALUES, layouts).unwrap().iter().map(Url::exact).collect()
    }

    #[test]
    fn layouts_are_written_out_below_the_base_in_order() {
        assert_eq!(
            texts("https://m.example/x", &["{build}/{file}", "{file}", "{sha256}"]),
            [
                "https://m.example/x/20241016/a%2Bb%20c.tgz",
                "https://m.example/x/a%2Bb%20c.tgz",
                "https://m.example/x/e3b0"
            ]
        );
    }

    #[test]
    fn a_query_stays_behind_the_path() {
        for base in ["https://m.example/x?sig=a/b", "https://m.example/x/?sig=a/b"] {
            assert_eq!(texts(base, &["{sha256}"]), ["https://m.example/x/e3b0?sig=a/b"], "{base}");
        }
        assert_eq!(texts("/srv/m?", &["{sha256}"]), ["/srv/m?/e3b0"]);
    }

    #[test]
    fn directories_take_names_as_they_are() {
        assert_eq!(texts("/srv/m/", &["{file}"]), ["/srv/m/a+b c.tgz"]);
        assert_eq!(texts("file:///srv/m", &["{file}"]), ["/srv/m/a+b c.tgz"]);
    }

    #[test]
    fn a_template_is_the_only_candidate() {
        assert_eq!(
            texts("https://m.example/{sha256}?f={file}", &["{file}"]),
            ["https://m.example/e3b0?f=a%2Bb%20c.tgz"]
        );
    }

    #[test]
    fn what_needs_a_value_the_file_has_not_is_left_out() {
        assert!(texts("https://m.example/{triple}/{file}", &["{file}"]).is_empty());
        assert_eq!(texts("/m", &["{triple}/{file}", "{sha256}"]), ["/m/e3b0"]);
    }

    #[test]
    fn unknown_names_and_open_braces_are_refused() {
        for base in ["https://m/{verison}", "https://m/{file", "https://m/{}"] {
            assert!(candidates(base, &VALUES, &["{file}"]).is_err(), "{base}");
        }
        let error = candidates("https://m/{fiel}", &VALUES, &[]).unwrap_err().to_string();
        assert!(error.contains("`{fiel}' is none of {build} {file}"), "{error}");
    }

    #[test]
    fn a_base_that_is_no_address_is_refused() {
        assert!(candidates("mirror/x", &VALUES, &["{file}"]).is_err());
    }
}
