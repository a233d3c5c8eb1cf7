//! Made-up names that sound like the coast of Zhejiang. Composed from lists of characters, copied from nowhere.

use crate::rng::{Rng, mix};

const FIRST: [char; 53] = [
    '瑞', '锦', '望', '景', '龙', '凤', '翠', '云', '霞', '江', '清', '湖', '海', '星', '月', '松', '竹', '梅', '兰',
    '荷', '桂', '柳', '榕', '樟', '桃', '杏', '明', '和', '安', '康', '宁', '永', '长', '文', '学', '书', '德', '仁',
    '信', '礼', '华', '新', '春', '秋', '晨', '晴', '东', '丰', '广', '玉', '金', '青', '白',
];
const SECOND: [char; 37] = [
    '川', '浦', '塘', '桥', '溪', '岸', '山', '岭', '麓', '园', '泽', '源', '屿', '洲', '湾', '堤', '渡', '港', '田',
    '林', '井', '亭', '台', '泉', '池', '门', '坊', '里', '丰', '宁', '和', '陵', '峰', '阳', '霖', '朗', '汀',
];

/// Names of the first few great streets; every city has such.
const GREAT: [&str; 10] = ["人民", "府前", "解放", "学院", "车站", "锦绣", "市府", "惠民", "新城", "飞霞"];

/// The `k`-th pair of characters; 1961 different ones, neighbours unlike each other.
pub(crate) fn pair(k: u64) -> String {
    let all = (FIRST.len() * SECOND.len()) as u64;
    // 1019 is a prime that does not divide their number: a permutation.
    let k = (k % all) * 1019 % all;
    let (a, b) = ((k % FIRST.len() as u64) as usize, (k / FIRST.len() as u64) as usize);
    [FIRST[a], SECOND[b]].iter().collect()
}

/// The base name of the `k`-th great line of streets.
pub(crate) fn great(k: u64) -> String {
    GREAT.get(k as usize).map_or_else(|| pair(k * 3 + 1), |w| (*w).to_owned())
}

/// The name of the `k`-th lane of a subdistrict.
pub(crate) fn lane(k: u64, old: bool) -> String {
    let kind = if old { ["巷", "弄", "街", "巷"] } else { ["路", "街", "巷", "路"] };
    let order = ["", "一", "二", "三", "前", "后", "上", "下"];
    let (pair_of, turn) = (k % 1961, (k / 1961) as usize % order.len());
    format!("{}{}{}", pair(pair_of * 7 + 400), order[turn], kind[(mix(k, 5) % 4) as usize])
}

/// The name of a walled quarter.
pub(crate) fn quarter(k: u64, kind: &str) -> String {
    let tails: &[&str] = match kind {
        "old" => &["新村", "小区", "公寓", "住宅区"],
        "slab" => &["花园", "家园", "小区", "锦苑"],
        "tower" => &["名邸", "公馆", "府", "华庭", "中央花园"],
        _ => &["苑"],
    };
    format!("{}{}", pair(k * 11 + 90), tails[(mix(k, 9) % tails.len() as u64) as usize])
}

const FAMILY: [&str; 40] = [
    "陈", "林", "王", "黄", "张", "李", "吴", "周", "叶", "徐", "郑", "金", "朱", "潘", "胡", "杨", "刘", "孙", "谢",
    "项", "夏", "蔡", "戴", "余", "姜", "邵", "董", "章", "赵", "何", "曹", "施", "柯", "木", "池", "厉", "诸葛",
    "欧阳", "卓", "麻",
];
const GIVEN: [char; 48] = [
    '晓', '建', '伟', '芳', '丽', '国', '海', '敏', '静', '秀', '英', '华', '明', '玉', '梅', '文', '志', '强', '永',
    '春', '雪', '红', '燕', '平', '军', '杰', '浩', '宇', '欣', '怡', '子', '涵', '思', '嘉', '豪', '一', '诺', '佩',
    '益', '胜', '微', '素', '云', '锋', '磊', '洁', '阿', '梦',
];

/// A person's name, with the family name given or not.
pub(crate) fn person(rng: &mut Rng, family: Option<&str>) -> String {
    let mut name = family.map_or_else(|| rng.pick(&FAMILY).to_owned(), str::to_owned);
    name.push(rng.pick(&GIVEN));
    if rng.chance(0.78) {
        name.push(rng.pick(&GIVEN));
    }
    name
}

/// A family name.
pub(crate) fn family(rng: &mut Rng) -> &'static str {
    rng.pick(&FAMILY)
}

/// A telephone number of a range that is not given to anybody: 199 0000 xxxx.
pub(crate) fn phone(rng: &mut Rng) -> String {
    format!("1990000{:04}", rng.below(10_000))
}

/// A resident's number. Its area code 999999 does not exist; its last place is the check of GB 11643 (ISO 7064, MOD 11-2).
pub(crate) fn id_number(born: &str, serial: u64, male: bool) -> String {
    let order = serial % 499 * 2 + u64::from(male);
    let body = format!("999999{born}{order:03}");
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = body.chars().zip(weights).map(|(c, w)| c.to_digit(10).unwrap_or(0) * w).sum();
    let check = ['1', '0', 'X', '9', '8', '7', '6', '5', '4', '3', '2'][(sum % 11) as usize];
    format!("{body}{check}")
}

/// A unified social credit code with the area code 999999; its last place is the check of GB 32100 (mod 31).
pub(crate) fn credit_code(serial: u64) -> String {
    const SIGNS: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
    let body = format!("91999999M{:08}", serial % 100_000_000);
    let mut weight = 1;
    let mut sum = 0;
    for c in body.bytes() {
        let value = SIGNS.iter().position(|s| *s == c).unwrap_or(0);
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    format!("{body}{}", char::from(SIGNS[(31 - sum % 31) % 31]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn pairs_do_not_repeat() {
        let all: BTreeSet<String> = (0..1961).map(pair).collect();
        assert_eq!(all.len(), 1961);
        let lanes: BTreeSet<String> = (0..1900).map(|k| lane(k, true)).collect();
        assert!(lanes.len() > 1890, "{}", lanes.len());
    }

    #[test]
    fn the_checks_are_right_and_the_area_does_not_exist() {
        // The worked example of GB 11643: 11010519491231002X.
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
        for serial in 0..600 {
            let id = id_number("19491231", serial, serial % 2 == 0);
            let digit = |c: char| if c == 'X' { 10 } else { c.to_digit(10).unwrap() };
            let sum: u32 = id.chars().zip(weights).map(|(c, w)| digit(c) * w).sum();
            assert!(id.starts_with("999999") && id.len() == 18 && sum % 11 == 1);
        }
        assert_eq!(credit_code(7).len(), 18);
    }
}
