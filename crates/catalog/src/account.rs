//! Password verifiers by account id: whose account it is, nobody learns here.

use domain::AccountId;

use crate::error::CatalogError;
use crate::{Catalog, Result};

/// Bytes of the longest verifier; Argon2id in PHC form takes about a hundred.
const LONGEST_VERIFIER_BYTES: usize = 512;

impl Catalog {
    /// Keeps an account's password verifier (PHC string format) in the place of an earlier one.
    ///
    /// # Errors
    /// If it is too long, or the database refuses.
    pub async fn set_verifier(&self, account: AccountId, phc: &str) -> Result<()> {
        const DOING: &str = "keep a password verifier";
        if phc.len() > LONGEST_VERIFIER_BYTES {
            return CatalogError::refused(DOING, "a verifier has at most 512 bytes");
        }
        let sql = "INSERT INTO verifier (account, phc) VALUES ($1, $2) \
                   ON CONFLICT (account) DO UPDATE SET phc = excluded.phc";
        sqlx::query(sql)
            .bind(&account.as_bytes()[..])
            .bind(phc)
            .execute(&self.writer)
            .await
            .map_err(CatalogError::database(DOING))?;
        Ok(())
    }

    /// An account's password verifier.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn verifier(&self, account: AccountId) -> Result<Option<String>> {
        sqlx::query_scalar("SELECT phc FROM verifier WHERE account = $1")
            .bind(&account.as_bytes()[..])
            .fetch_optional(&self.readers)
            .await
            .map_err(CatalogError::database("read a password verifier"))
    }

    /// Takes an account's verifier away; `false` if there was none. It is overwritten in the file
    /// when the log is next folded in; traces of it on the disk itself are not proven gone.
    ///
    /// # Errors
    /// If the database refuses.
    pub async fn remove_verifier(&self, account: AccountId) -> Result<bool> {
        let done = sqlx::query("DELETE FROM verifier WHERE account = $1")
            .bind(&account.as_bytes()[..])
            .execute(&self.writer)
            .await
            .map_err(CatalogError::database("take a password verifier away"))?;
        Ok(done.rows_affected() > 0)
    }
}
