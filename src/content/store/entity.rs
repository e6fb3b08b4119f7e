//! The rows of the slice's tables, as they stand in the database.
//!
//! Owns the columns. Times are milliseconds since the Unix epoch.

pub(super) mod file {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "files")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub hash: String,
        pub bytes: i64,
        /// When it was last given its name.
        pub kept_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod document {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "documents")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub owner_id: i64,
        pub title: String,
        pub format: String,
        pub status: String,
        pub error: Option<String>,
        /// The hash of what came.
        pub source: String,
        /// How large that is.
        pub bytes: i64,
        /// The hash of the text in it.
        pub body: Option<String>,
        pub body_bytes: Option<i64>,
        pub words: Option<i64>,
        pub characters: Option<i64>,
        /// JSON.
        pub outline: String,
        pub right_to_left: bool,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod activity {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "activities")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub owner_id: i64,
        pub activity: String,
        pub entity_id: String,
        /// What the thing was called then.
        pub title: String,
        pub created_at: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod podcast {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "podcasts")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub owner_id: i64,
        pub title: String,
        pub status: String,
        pub error: Option<String>,
        /// JSON.
        pub script: Option<String>,
        /// The hash of its sound.
        pub audio: Option<String>,
        pub audio_bytes: Option<i64>,
        pub duration_ms: Option<i64>,
        /// JSON: when each segment begins.
        pub starts_ms: String,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod podcast_source {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "podcast_sources")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub podcast_id: String,
        /// From 0.
        #[sea_orm(primary_key, auto_increment = false)]
        pub place: i64,
        /// None once the document was deleted.
        pub document_id: Option<String>,
        /// What it was called when the podcast was made.
        pub title: String,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod voiceover {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "voiceovers")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub owner_id: i64,
        pub title: String,
        pub status: String,
        pub error: Option<String>,
        pub text: String,
        pub voice: String,
        /// Words a minute.
        pub rate: i64,
        /// The hash of its sound.
        pub audio: Option<String>,
        pub audio_bytes: Option<i64>,
        pub duration_ms: Option<i64>,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod infographic {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "infographics")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub owner_id: i64,
        /// Of a document that may be no more.
        pub document_id: String,
        pub title: String,
        pub status: String,
        pub error: Option<String>,
        /// The hash of its picture.
        pub picture: Option<String>,
        pub picture_bytes: Option<i64>,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::document::Entity",
            from = "Column::DocumentId",
            to = "super::document::Column::Id"
        )]
        Document,
    }

    impl Related<super::document::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Document.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}
