//! Icons by name, drawn inline beside words.
//!
//! One set only (Lucide, through `icondata_lu`), and only the icons named
//! here, so that a misspelt name is found by a test and the binary carries no
//! drawing nobody uses. An icon is always decoration: the word beside it says
//! the thing, so every drawing is hidden from assistive technologies.

use std::sync::LazyLock;

use icondata_core::Icon;
use icondata_lu as lu;

/// Every name that `{{icon "…"}}` understands, with its drawing.
const ICONS: &[(&str, Icon)] = &[
    ("accessibility", lu::LuAccessibility),
    ("archive", lu::LuArchive),
    ("arrow-down", lu::LuArrowDown),
    ("arrow-left", lu::LuArrowLeft),
    ("arrow-right", lu::LuArrowRight),
    ("arrow-up", lu::LuArrowUp),
    ("arrow-up-down", lu::LuArrowUpDown),
    ("award", lu::LuAward),
    ("badge-check", lu::LuBadgeCheck),
    ("bell", lu::LuBell),
    ("book", lu::LuBook),
    ("book-open", lu::LuBookOpen),
    ("building", lu::LuBuilding2),
    ("calendar", lu::LuCalendar),
    ("calendar-days", lu::LuCalendarDays),
    ("calendar-plus", lu::LuCalendarPlus),
    ("chart", lu::LuChartColumn),
    ("check", lu::LuCheck),
    ("chevron-down", lu::LuChevronDown),
    ("chevron-left", lu::LuChevronLeft),
    ("chevron-right", lu::LuChevronRight),
    ("chevron-up", lu::LuChevronUp),
    ("circle", lu::LuCircle),
    ("circle-alert", lu::LuCircleAlert),
    ("circle-check", lu::LuCircleCheck),
    ("circle-dashed", lu::LuCircleDashed),
    ("circle-dot", lu::LuCircleDot),
    ("circle-help", lu::LuCircleHelp),
    ("circle-play", lu::LuCirclePlay),
    ("circle-x", lu::LuCircleX),
    ("clipboard-check", lu::LuClipboardCheck),
    ("clipboard-list", lu::LuClipboardList),
    ("clock", lu::LuClock),
    ("copy", lu::LuCopy),
    ("download", lu::LuDownload),
    ("ellipsis", lu::LuEllipsis),
    ("euro", lu::LuEuro),
    ("external-link", lu::LuExternalLink),
    ("eye", lu::LuEye),
    ("eye-off", lu::LuEyeOff),
    ("file", lu::LuFile),
    ("file-down", lu::LuFileDown),
    ("file-text", lu::LuFileText),
    ("flag", lu::LuFlag),
    ("folder", lu::LuFolderOpen),
    ("globe", lu::LuGlobe),
    ("graduation-cap", lu::LuGraduationCap),
    ("grip", lu::LuGripVertical),
    ("history", lu::LuHistory),
    ("home", lu::LuHouse),
    ("hourglass", lu::LuHourglass),
    ("image", lu::LuImage),
    ("inbox", lu::LuInbox),
    ("info", lu::LuInfo),
    ("key", lu::LuKey),
    ("languages", lu::LuLanguages),
    ("layers", lu::LuLayers),
    ("life-buoy", lu::LuLifeBuoy),
    ("link", lu::LuLink),
    ("list-checks", lu::LuListChecks),
    ("list-filter", lu::LuListFilter),
    ("lock", lu::LuLock),
    ("log-in", lu::LuLogIn),
    ("log-out", lu::LuLogOut),
    ("mail", lu::LuMail),
    ("map-pin", lu::LuMapPin),
    ("maximize", lu::LuMaximize),
    ("menu", lu::LuMenu),
    ("message", lu::LuMessageCircle),
    ("minus", lu::LuMinus),
    ("package", lu::LuPackage),
    ("paperclip", lu::LuPaperclip),
    ("pencil", lu::LuPencil),
    ("phone", lu::LuPhone),
    ("play", lu::LuPlay),
    ("plus", lu::LuPlus),
    ("printer", lu::LuPrinter),
    ("refresh", lu::LuRefreshCw),
    ("save", lu::LuSave),
    ("scroll", lu::LuScrollText),
    ("search", lu::LuSearch),
    ("send", lu::LuSend),
    ("settings", lu::LuSettings),
    ("shield-check", lu::LuShieldCheck),
    ("signpost", lu::LuSignpost),
    ("star", lu::LuStar),
    ("table", lu::LuTable),
    ("timer", lu::LuTimer),
    ("trash", lu::LuTrash2),
    ("triangle-alert", lu::LuTriangleAlert),
    ("undo", lu::LuUndo2),
    ("upload", lu::LuUpload),
    ("user", lu::LuUser),
    ("user-plus", lu::LuUserPlus),
    ("users", lu::LuUsers),
    ("x", lu::LuX),
];

/// Every drawing as inline SVG, in the order of [`ICONS`].
static DRAWN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let draw = |(_, icon): &(&str, Icon)| {
        let view_box = icon.view_box.unwrap_or("0 0 24 24");
        format!(
            "<svg class=\"icon\" viewBox=\"{view_box}\" width=\"24\" height=\"24\" fill=\"none\" \
             stroke=\"currentColor\" stroke-width=\"2\" stroke-linecap=\"round\" \
             stroke-linejoin=\"round\" aria-hidden=\"true\" focusable=\"false\">{}</svg>",
            icon.data.replace('\n', "")
        )
    };
    ICONS.iter().map(draw).collect()
});

/// The drawing of that name as inline SVG, `None` when the name is unknown.
///
/// Its size follows the text (`1.25em`, set by the stylesheet) and its colour
/// is the colour of the text.
pub fn svg(name: &str) -> Option<&'static str> {
    let index = ICONS
        .binary_search_by_key(&name, |(known, _)| *known)
        .ok()?;
    DRAWN.get(index).map(String::as_str)
}

/// Every known name, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    ICONS.iter().map(|(name, _)| *name)
}

#[cfg(test)]
mod tests {
    use super::{names, svg};

    #[test]
    fn every_name_is_sorted_and_draws_something_hidden_from_screen_readers() {
        let mut sorted: Vec<_> = names().collect();
        sorted.sort_unstable();
        assert_eq!(sorted, names().collect::<Vec<_>>());
        for name in names() {
            let drawing = svg(name).unwrap_or_default();
            assert!(drawing.contains("aria-hidden=\"true\""), "{name}");
            assert!(drawing.contains("/></svg>"), "{name}: {drawing}");
        }
    }

    #[test]
    fn an_unknown_name_draws_nothing() {
        assert_eq!(svg("no-such-icon"), None);
    }
}
