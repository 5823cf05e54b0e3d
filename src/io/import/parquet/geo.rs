//! What GeoParquet says about its geometries.

use parquet::basic::LogicalType;
use parquet::file::metadata::KeyValue;
use parquet::schema::types::{SchemaDescriptor, Type};
use serde_json::Value;

use crate::io::import::wkb::Crs;

/// Names that columns of geometries have where nothing is said about them.
const USUAL_NAMES: [&str; 6] = ["geometry", "geom", "wkb_geometry", "the_geom", "geom_wkb", "wkb"];

/// The columns of geometries.
#[derive(Debug, PartialEq)]
pub struct Geo {
    /// The column whose geometries are the places.
    pub main: Option<String>,
    /// Columns in binary form.
    wkb: Vec<String>,
    /// Columns of the boxes around geometries.
    boxes: Vec<String>,
    /// What the ordinates of the main column mean.
    pub crs: Crs,
    /// The file says that the main column has only flat points.
    pub are_points: bool,
}

impl Geo {
    /// By the file's own description, else by types, else by names.
    pub fn of(pairs: Option<&Vec<KeyValue>>, schema: &SchemaDescriptor) -> Self {
        let text = pairs.into_iter().flatten().find(|pair| pair.key == "geo");
        let told = text.and_then(|pair| serde_json::from_str::<Value>(pair.value.as_deref()?).ok());
        told.and_then(|told| Self::told(&told)).unwrap_or_else(|| Self::guessed(schema))
    }

    fn told(told: &Value) -> Option<Self> {
        let columns = told.get("columns")?.as_object()?;
        let main = told.get("primary_column").and_then(Value::as_str);
        let (name, main) =
            main.and_then(|name| columns.get_key_value(name)).or_else(|| columns.iter().next())?;
        let is_wkb = |column: &Value| {
            column.get("encoding").and_then(Value::as_str).is_none_or(|it| it.eq_ignore_ascii_case("wkb"))
        };
        let boxes = columns.values().filter_map(|column| column.pointer("/covering/bbox/xmin/0")?.as_str());
        let kinds = main.get("geometry_types").and_then(Value::as_array);
        Some(Self {
            main: Some(name.clone()),
            wkb: columns.iter().filter(|(_, column)| is_wkb(column)).map(|(name, _)| name.clone()).collect(),
            boxes: boxes.map(str::to_owned).collect(),
            crs: main.get("crs").map_or(Crs::Degrees, crs_of),
            are_points: kinds
                .is_some_and(|kinds| matches!(kinds.as_slice(), [Value::String(it)] if it == "Point")),
        })
    }

    fn guessed(schema: &SchemaDescriptor) -> Self {
        let mut geo =
            Self { main: None, wkb: Vec::new(), boxes: Vec::new(), crs: Crs::Degrees, are_points: false };
        let leaves = || schema.columns().iter().filter(|leaf| leaf.path().parts().len() == 1);
        for leaf in leaves() {
            let crs = match leaf.logical_type_ref() {
                Some(LogicalType::Geometry(told)) => &told.crs,
                Some(LogicalType::Geography(told)) => &told.crs,
                _ => continue,
            };
            if geo.main.is_none() {
                geo.main = Some(leaf.name().to_owned());
                geo.crs = crs.as_deref().map_or(Crs::Degrees, |text| {
                    crs_of(&serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)))
                });
            }
            geo.wkb.push(leaf.name().to_owned());
        }
        let usual = |name: &&str| {
            leaves().any(|leaf| {
                leaf.name().eq_ignore_ascii_case(name)
                    && super::Meaning::of(leaf) == super::Meaning::Bytes
                    && leaf.physical_type() == parquet::basic::Type::BYTE_ARRAY
            })
        };
        if geo.main.is_none()
            && let Some(name) = USUAL_NAMES.iter().find(|name| usual(name))
        {
            let leaf = leaves().find(|leaf| leaf.name().eq_ignore_ascii_case(name));
            geo.main = leaf.map(|leaf| leaf.name().to_owned());
            geo.wkb.extend(geo.main.clone());
        }
        geo
    }

    pub fn has_wkb(&self, name: &str) -> bool {
        self.wkb.iter().any(|wkb| wkb == name)
    }

    /// Whether a column is the box around a geometry.
    pub fn is_box(&self, field: &Type) -> bool {
        let told = self.boxes.iter().any(|name| name == field.name());
        let looks = || {
            let names: Vec<&str> = field.get_fields().iter().map(|child| child.name()).collect();
            ["xmin", "ymin", "xmax", "ymax"].iter().all(|name| names.contains(name))
        };
        field.is_group() && self.main.is_some() && (told || (field.name() == "bbox" && looks()))
    }
}

/// A reference system by its description as PROJ writes it, or by its name.
fn crs_of(told: &Value) -> Crs {
    if let Value::String(name) = told {
        let name = name.to_ascii_uppercase();
        let code = name.rsplit(':').next().and_then(|code| code.parse().ok());
        return match code {
            _ if name.ends_with("CRS84") => Crs::Degrees,
            Some(code) if name.starts_with("EPSG:") || name.starts_with("SRID:") => Crs::of_epsg(code),
            _ => Crs::Other(name),
        };
    }
    let authority = told.pointer("/id/authority").and_then(Value::as_str).unwrap_or_default();
    let code = told.pointer("/id/code");
    let number = code.and_then(|code| code.as_i64().or_else(|| code.as_str()?.parse().ok()));
    let is_geographic = told.get("type").and_then(Value::as_str) == Some("GeographicCRS");
    match (authority, number) {
        ("EPSG", Some(number)) if !is_geographic => Crs::of_epsg(number),
        // None at all is “unknown”: degrees are what everybody means.
        _ if is_geographic || told.is_null() || authority == "OGC" => Crs::Degrees,
        _ => {
            let name = told.get("name").and_then(Value::as_str).unwrap_or("without a name");
            Crs::Other(name.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reference_systems_are_known_by_number_name_or_kind() {
        assert_eq!(crs_of(&json!({"id": {"authority": "EPSG", "code": 3857}})), Crs::WebMercator);
        assert_eq!(crs_of(&json!({"id": {"authority": "OGC", "code": "CRS84"}})), Crs::Degrees);
        assert_eq!(
            crs_of(&json!({"type": "GeographicCRS", "id": {"authority": "EPSG", "code": 4230}})),
            Crs::Degrees
        );
        assert_eq!(crs_of(&json!(null)), Crs::Degrees);
        assert_eq!(crs_of(&json!("EPSG:4326")), Crs::Degrees);
        assert_eq!(crs_of(&json!("srid:32631")), Crs::Utm { zone: 31, is_south: false });
        let other = json!({"type": "ProjectedCRS", "name": "CH1903+ / LV95", "id": {"authority": "EPSG", "code": 2056}});
        assert_eq!(crs_of(&other), Crs::Other("EPSG:2056".to_owned()));
    }

    #[test]
    fn the_description_names_columns_boxes_and_kinds() {
        let geo = Geo::told(&json!({"primary_column": "g", "columns": {
            "other": {"encoding": "point"},
            "g": {"encoding": "WKB", "geometry_types": ["Point"], "covering": {"bbox": {"xmin": ["b", "xmin"]}}},
        }}))
        .expect("a description");
        assert_eq!(geo.main.as_deref(), Some("g"));
        assert!(geo.has_wkb("g") && !geo.has_wkb("other") && geo.are_points);
        assert_eq!(geo.boxes, ["b"]);
        assert_eq!(Geo::told(&json!([1])), None);
    }
}
