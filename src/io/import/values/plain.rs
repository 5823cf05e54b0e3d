//! Signs of many scripts and typographies as those of ASCII.

/// A text in which digits, dashes, blanks and quotation marks are those of ASCII; marks of direction,
/// vowel marks and tatweel are left out. Letters stay as they are, and so do the Arabic decimal and
/// thousands marks, which mean but one thing.
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        let digit = match c {
            '٠'..='٩' => Some(c as u32 - '٠' as u32),
            '۰'..='۹' => Some(c as u32 - '۰' as u32),
            '０'..='９' => Some(c as u32 - '０' as u32),
            _ => None,
        };
        plain.push(match c {
            _ if digit.is_some() => digit.and_then(|digit| char::from_digit(digit, 10)).unwrap_or(c),
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' => continue,
            '\u{FEFF}' | '\u{061C}' | '\u{00AD}' | '\u{0640}' | '\u{064B}'..='\u{065F}' | '\u{0670}' => {
                continue;
            }
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FE63}' | '\u{FF0D}' => '-',
            '،' | '，' => ',',
            '؛' | '；' => ';',
            '：' | '∶' => ':',
            '／' | '⁄' => '/',
            '．' => '.',
            '’' | '‘' | '´' | '`' | 'ʹ' | '′' | 'ʼ' | '‛' => '\'',
            '″' | '“' | '”' | 'ʺ' | '„' | '«' | '»' => '"',
            'º' | '˚' => '°',
            c if c.is_whitespace() => ' ',
            c => c,
        });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_become_those_of_ascii() {
        assert_eq!(plain("٢٠٢٤–۰۷\u{00A0}\u{200F}يولـيو"), "2024-07 يوليو");
        assert_eq!(plain("18º26′28″"), "18°26'28\"");
    }
}
