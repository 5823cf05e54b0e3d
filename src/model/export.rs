//! What events can be written as.

use super::category::codes;

codes! {
    /// A kind of file that the program writes.
    ExportFormat {
        /// One row per event.
        Csv = "csv",
        /// One row per claim, with the columns of its event repeated.
        CsvClaims = "csv-claims",
        Xlsx = "xlsx",
        GeoJson = "geojson",
        Kml = "kml",
        GeoParquet = "parquet",
        GeoPackage = "gpkg",
        /// A page to read and print, complete in one file.
        Html = "html",
        /// A picture of the view.
        Png = "png",
    }
}

impl ExportFormat {
    /// The usual ending of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            ExportFormat::CsvClaims => "csv",
            other => other.code(),
        }
    }

    /// Whether the file holds a picture of the view.
    pub fn has_picture(self) -> bool {
        matches!(self, ExportFormat::Html | ExportFormat::Png)
    }

    /// The format of an ending, in any case, without the dot.
    pub fn of_extension(ending: &str) -> Option<Self> {
        Some(match ending.to_ascii_lowercase().as_str() {
            "csv" => ExportFormat::Csv,
            "xlsx" => ExportFormat::Xlsx,
            "geojson" | "json" => ExportFormat::GeoJson,
            "kml" => ExportFormat::Kml,
            "parquet" | "geoparquet" => ExportFormat::GeoParquet,
            "gpkg" => ExportFormat::GeoPackage,
            "html" | "htm" => ExportFormat::Html,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_lead_back_to_their_formats() {
        for format in ExportFormat::ALL {
            let back = ExportFormat::of_extension(&format.extension().to_uppercase());
            let wanted = match format {
                ExportFormat::CsvClaims => Some(ExportFormat::Csv),
                ExportFormat::Png => None,
                other => Some(*other),
            };
            assert_eq!(back, wanted);
        }
    }
}
