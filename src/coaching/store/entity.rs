//! The rows of the slice's tables, as they stand in the database.
//!
//! Owns the columns. Times are milliseconds since the Unix epoch, days are texts.

pub(super) mod relationship {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "coaching_relationships")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub coach_id: Option<i64>,
        pub member_id: Option<i64>,
        pub created_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod session {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "coaching_sessions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub coaching_relationship_id: String,
        pub title: String,
        pub scheduled_at: i64,
        pub status: String,
        pub started_at: Option<i64>,
        pub ended_at: Option<i64>,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::relationship::Entity",
            from = "Column::CoachingRelationshipId",
            to = "super::relationship::Column::Id"
        )]
        Relationship,
    }

    impl Related<super::relationship::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Relationship.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod note {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "coaching_notes")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub coaching_session_id: String,
        pub body: String,
        pub author_id: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod action {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "coaching_actions")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub coaching_session_id: String,
        pub body: String,
        pub assignee_id: Option<i64>,
        pub due_on: Option<String>,
        pub status: String,
        pub status_changed_at: i64,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::session::Entity",
            from = "Column::CoachingSessionId",
            to = "super::session::Column::Id"
        )]
        Session,
    }

    impl Related<super::session::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Session.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod agreement {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "coaching_agreements")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub coaching_relationship_id: String,
        pub body: String,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod goal {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "coaching_goals")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub coaching_relationship_id: String,
        pub title: String,
        pub progress: i64,
        pub status: String,
        pub created_at: i64,
        pub updated_at: i64,
        pub version: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::relationship::Entity",
            from = "Column::CoachingRelationshipId",
            to = "super::relationship::Column::Id"
        )]
        Relationship,
    }

    impl Related<super::relationship::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Relationship.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod goal_point {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "coaching_goal_points")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub goal_id: String,
        #[sea_orm(primary_key, auto_increment = false)]
        pub version: i64,
        pub at: i64,
        pub progress: i64,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {
        #[sea_orm(
            belongs_to = "super::goal::Entity",
            from = "Column::GoalId",
            to = "super::goal::Column::Id"
        )]
        Goal,
    }

    impl Related<super::goal::Entity> for Entity {
        fn to() -> RelationDef {
            Relation::Goal.def()
        }
    }

    impl ActiveModelBehavior for ActiveModel {}
}

pub(super) mod notification {
    use sea_orm::entity::prelude::*;

    #[derive(Clone, Debug, DeriveEntityModel)]
    #[sea_orm(table_name = "coaching_notifications")]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: String,
        pub owner_id: i64,
        pub kind: String,
        pub subject: String,
        pub by_name: Option<String>,
        pub action_id: Option<String>,
        pub due_on: Option<String>,
        pub coaching_relationship_id: String,
        pub coaching_session_id: String,
        pub created_at: i64,
        pub dismissed: bool,
    }

    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
