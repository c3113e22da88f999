//! Which package of a distribution brings a library that wheels and source packages often need.

use crate::platform::distribution::Packager;

/// The names of the package for apt, dnf, pacman, zypper, apk and Homebrew; empty where there is none.
type Packages = [&'static str; 6];

/// By the beginning of the library's name.
const KNOWN: &[(&str, Packages)] = &[
    ("libGL.so", ["libgl1", "mesa-libGL", "libglvnd", "Mesa-libGL1", "mesa-gl", ""]),
    ("libgthread-2.0.so", ["libglib2.0-0", "glib2", "glib2", "libgthread-2_0-0", "glib", "glib"]),
    ("libglib-2.0.so", ["libglib2.0-0", "glib2", "glib2", "libglib-2_0-0", "glib", "glib"]),
    ("libSM.so", ["libsm6", "libSM", "libsm", "libSM6", "libsm", ""]),
    ("libXext.so", ["libxext6", "libXext", "libxext", "libXext6", "libxext", ""]),
    ("libXrender.so", ["libxrender1", "libXrender", "libxrender", "libXrender1", "libxrender", ""]),
    ("libX11.so", ["libx11-6", "libX11", "libx11", "libX11-6", "libx11", ""]),
    ("libpq.so", ["libpq5", "libpq", "postgresql-libs", "libpq5", "libpq", "libpq"]),
    ("libmysqlclient.so", ["libmysqlclient21", "mysql-libs", "", "", "", "mysql-client"]),
    (
        "libmariadb.so",
        [
            "libmariadb3",
            "mariadb-connector-c",
            "mariadb-libs",
            "libmariadb3",
            "mariadb-connector-c",
            "mariadb-connector-c",
        ],
    ),
    ("libxml2.so", ["libxml2", "libxml2", "libxml2", "libxml2-2", "libxml2", "libxml2"]),
    ("libxslt.so", ["libxslt1.1", "libxslt", "libxslt", "libxslt1", "libxslt", "libxslt"]),
    ("libffi.so", ["libffi8", "libffi", "libffi", "libffi8", "libffi", "libffi"]),
    ("libssl.so", ["libssl3", "openssl-libs", "openssl", "libopenssl3", "libssl3", "openssl"]),
    (
        "libcrypto.so",
        ["libssl3", "openssl-libs", "openssl", "libopenssl3", "libcrypto3", "openssl"],
    ),
    (
        "libjpeg.so",
        [
            "libjpeg62-turbo",
            "libjpeg-turbo",
            "libjpeg-turbo",
            "libjpeg8",
            "libjpeg-turbo",
            "jpeg-turbo",
        ],
    ),
    ("libgomp.so", ["libgomp1", "libgomp", "gcc-libs", "libgomp1", "libgomp", "gcc"]),
    (
        "libgfortran.so",
        ["libgfortran5", "libgfortran", "gcc-libs", "libgfortran5", "libgfortran", "gcc"],
    ),
    ("libstdc++.so", ["libstdc++6", "libstdc++", "gcc-libs", "libstdc++6", "libstdc++", "gcc"]),
    (
        "libopenblas.so",
        ["libopenblas0", "openblas", "openblas", "libopenblas0", "openblas", "openblas"],
    ),
    (
        "libsndfile.so",
        ["libsndfile1", "libsndfile", "libsndfile", "libsndfile1", "libsndfile", "libsndfile"],
    ),
    ("libodbc.so", ["libodbc2", "unixODBC", "unixodbc", "unixODBC", "unixodbc", "unixodbc"]),
    ("libldap", ["libldap-2.5-0", "openldap", "libldap", "libldap2", "libldap", "openldap"]),
    ("libcairo.so", ["libcairo2", "cairo", "cairo", "libcairo2", "cairo", "cairo"]),
    ("libpango-1.0.so", ["libpango-1.0-0", "pango", "pango", "libpango-1_0-0", "pango", "pango"]),
    ("libmagic.so", ["libmagic1", "file-libs", "file", "libmagic1", "libmagic", "libmagic"]),
    ("libz.so", ["zlib1g", "zlib", "zlib", "libz1", "zlib", "zlib"]),
    (
        "libsqlite3.so",
        ["libsqlite3-0", "sqlite-libs", "sqlite", "libsqlite3-0", "sqlite-libs", "sqlite"],
    ),
    ("libcurl.so", ["libcurl4", "libcurl", "curl", "libcurl4", "libcurl", "curl"]),
    ("libusb-1.0.so", ["libusb-1.0-0", "libusb1", "libusb", "libusb-1_0-0", "libusb", "libusb"]),
];

/// The package of the distribution that brings a library, when it is a usual one.
pub fn package(library: &str, packager: Packager) -> Option<&'static str> {
    let (_, names) = KNOWN.iter().find(|(stem, _)| library.starts_with(stem))?;
    Some(packager.choose(*names)).filter(|name| !name.is_empty())
}

/// The line that brings a library, to paste.
pub fn command(library: &str, packager: Packager) -> Option<String> {
    package(library, packager).map(|package| packager.line(package))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usual_libraries_have_a_package_and_others_none() {
        assert_eq!(package("libpq.so.5", Packager::Apt), Some("libpq5"));
        assert_eq!(package("libGL.so.1", Packager::Brew), None);
        assert_eq!(package("libunheard.so.1", Packager::Dnf), None);
    }
}
