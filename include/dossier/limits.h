/* SPDX-License-Identifier: ISC */
/* Every bound on hostile input, in one place: value, unit, why. */
#ifndef DOSSIER_LIMITS_H
#define DOSSIER_LIMITS_H

/* --- the archive: docs/FORMAT.md 2.6 ------------------------------------ */
#define DSR_MAX_MEMBERS      67108864u  /* members: 2^26 */
#define DSR_MAX_NAME         140u       /* bytes of a member name: Explorer */
#define DSR_MAX_SEGMENT      64u        /* bytes of one segment of a name */
#define DSR_MAX_DEPTH        16u        /* segments of a name */
#define DSR_MAX_ARCHIVE_NAME 32u        /* bytes of the top folder's name */
#define DSR_MAX_WORD         64u        /* bytes of an identifier in seal,
                                         * bag-info and statement */
#define DSR_MAX_LINE         65536u     /* bytes of a JSON line with its LF */
#define DSR_MAX_REQUEST_TEXT 4096u      /* bytes of a request's body that an
                                         * exchange keeps as text */
#define DSR_MAX_ERASURE_DOCUMENTS 100u  /* documents of the export that one line
                                         * of a receipt names; it counts all */
#define DSR_MAX_EMPTY_FOLDERS 1000u     /* empty folders that the statement
                                         * names; it counts all */
#define DSR_MAX_STATEMENT    1048576u   /* bytes of statement.json */
#define DSR_MAX_START_HERE   20971520u  /* bytes of START-HERE*.html */
#define DSR_MAX_ATTESTATION  65536u     /* bytes of a member of signatures/ */
#define DSR_MAX_REQUEST      1048576u   /* bytes of request.json */
#define DSR_MAX_CONNECTOR    1048576u   /* bytes of one connector */
#define DSR_MAX_TAG_MEMBERS  65536u     /* members that are not payload */
#define DSR_MAX_TAG_FILE     1048576u   /* bytes of a small tag file read whole
                                         * (bag-info, keys, tag manifest x 16) */
#define DSR_MAX_TAGMANIFEST  16777216u  /* bytes of tagmanifest-sha256.txt */
#define DSR_MAX_MEMBER_BYTES 0x10000000000ull /* 1 TiB: bytes of one member */
#define DSR_MAX_TOTAL_BYTES  0x100000000000ull /* 16 TiB: bytes of payload */
#define DSR_MAX_INFLATE_X    1100u      /* times; deflate cannot pass 1032 */

/* --- JSON ---------------------------------------------------------------- */
#define DSR_MAX_JSON_TEXT    2147483647u /* bytes of one text: 32-bit offsets */
#define DSR_MAX_JSON_DEPTH   256u       /* nested arrays and objects */
#define DSR_MAX_JSON_NODES   16777216u  /* values of one parsed text */
#define DSR_MAX_JSON_NUMBER  1024u      /* bytes of one number's text */
#define DSR_MAX_JSON_INTEGER 9007199254740991ll /* 2^53 - 1: RFC 8785 */

/* --- keys, secrets ------------------------------------------------------- */
#define DSR_MAX_KEY_FILE     65536u     /* bytes of a key or trust file */
#define DSR_MAX_POLICY       65536u     /* bytes of a policy: 64 signers */
#define DSR_MAX_POLICY_SIGNERS 64       /* that a policy may name */
#define DSR_MAX_POLICY_DAYS  36500      /* of age: a century */
#define DSR_MAX_SECRET       65536u     /* bytes of a token or passphrase */
#define DSR_MAX_TRUSTED_KEYS 4096u      /* keys given or found in folders */
#define DSR_MAX_COMMENT      8191u      /* bytes of a minisign comment line:
                                         * minisign's TRUSTEDCOMMENTMAXBYTES */
#define DSR_MAX_UNTRUSTED_COMMENT 1023u /* bytes of its other comment line:
                                         * minisign's COMMENTMAXBYTES */
#define DSR_MAX_PASSPHRASE   1023u      /* bytes: minisign's PASSWORDMAXBYTES */
#define DSR_SCRYPT_OPS       33554432u  /* libsodium's SENSITIVE opslimit */
#define DSR_SCRYPT_MEMORY    1073741824u /* bytes: its SENSITIVE memlimit */
#define DSR_MAX_SCRYPT_OPS   67108864u  /* read from a key file: twice that */
#define DSR_MAX_SCRYPT_MEMORY 2147483648u /* bytes: the same */

/* --- age: docs/FORMAT.md 5.5 --------------------------------------------- */
#define DSR_MAX_AGE_HEADER   1048576u   /* bytes of the header of a file */
#define DSR_MAX_AGE_STANZAS  1024u      /* recipients of a file */
#define DSR_MAX_AGE_IDENTITIES 256u     /* keys of one key file: each is tried
                                         * on each recipient */
#define DSR_MAX_AGE_LINE     65536u     /* bytes of a line of the header; plugins
                                         * of age write some of 1,500 */
#define DSR_MAX_AGE_BLANK    1024u      /* bytes of white space around an armored
                                         * file: age's own bound */
#define DSR_AGE_WORK_FACTOR  18u        /* scrypt's log N, as age writes it */
#define DSR_MAX_AGE_WORK_FACTOR 22u     /* the most that age reads: 4 GiB */

/* --- certificates, CMS, time stamps: docs/FORMAT.md 5.3, 5.6 ------------- */
#define DSR_MAX_DER_DEPTH    32u        /* nested elements; a time stamp whose
                                         * certificate names its issuer has 19 */
#define DSR_MAX_CERTIFICATES 16u        /* of one signature: its path */
#define DSR_MAX_ROOTS        4096u      /* certificates, and revocation lists,
                                         * given as trusted */
#define DSR_MAX_ROOT_FILE    16777216u  /* bytes of a file of them; a
                                         * distribution's bundle has 0.3 MiB */
#define DSR_MIN_RSA_BITS     2048       /* bits of a signer's key */
#define DSR_MAX_RSA_BITS     8192       /* bits: checking grows with the square */
#define DSR_MAX_STAMPS       100u       /* one over the seal, 99 renewals */
#define DSR_MAX_TIME_REPLY   262144u    /* bytes of an authority's reply */
#define DSR_MAX_CLOCK_SKEW   300        /* seconds between two honest clocks */

/* --- bags that are not our archives: verify --bag ----------------------- */
#define DSR_MAX_BAG_FILES    4194304u   /* files of one bag: 100 bytes each, and
                                         * the digests of every manifest */
#define DSR_MAX_BAG_NAMES    1073741824u /* bytes of the paths of all of them */
#define DSR_MAX_BAG_PATH     4095u      /* bytes of one: Linux's PATH_MAX */
#define DSR_MAX_BAG_LINE     65536u     /* bytes of a line of a tag file */
#define DSR_MAX_BAG_MANIFESTS 32u       /* of payload and of tag files together:
                                         * one bit of a file each */

/* --- many archives: verify --from-file ----------------------------------- */
#define DSR_MAX_BATCH_LIST   268435456u /* bytes of a list of paths */
#define DSR_MAX_BATCH        4194304u   /* paths of it */

/* --- two archives: diff -------------------------------------------------- */
#define DSR_MAX_DIFF_DOCUMENTS 8388608u /* documents of each: 80 bytes a
                                         * document */

/* --- findings ------------------------------------------------------------ */
#define DSR_MAX_FINDINGS_KEPT 1000u     /* findings kept for the human text;
                                         * --json writes every one as it comes */

/* --- the page: docs/FORMAT.md 3.6 ---------------------------------------- */
#define DSR_MAX_SHOWN_DOCUMENT 524288u  /* bytes of a JSON document: parsed it
                                         * takes some 30 MiB at the worst */
#define DSR_MAX_SHOWN_TEXT   4096u      /* bytes of the beginning of a text */
#define DSR_MAX_SHOWN_COUNT  1000u      /* documents of one kind kept for it */
#define DSR_MAX_SHOWN_OF_KIND 8388608u  /* bytes of them */
#define DSR_MAX_SHOWN_BYTES  67108864u  /* bytes of all of them, in a spool */
#define DSR_MAX_SHOWN_KINDS  1000u      /* kinds with a heading */

/* --- adding by hand ------------------------------------------------------ */
#define DSR_MAX_SOURCE       1000u      /* bytes of where it is from: a line */
#define DSR_MAX_PERSON       200u       /* bytes of who added it */
#define DSR_MAX_CATEGORY     40u        /* bytes: it is part of a path */
#define DSR_MAX_CATEGORIES   100u       /* of a case: rows of the statement */

/* --- collecting ---------------------------------------------------------- */
#define DSR_MAX_BODY_MEMORY  33554432u  /* bytes of a response body parsed in
                                         * memory; ARM's largest is 8 MB */
#define DSR_MAX_BODY_INLINE  262144u    /* bytes of a document kept in the
                                         * case's database, not as a blob */
#define DSR_MAX_BODY         0x4000000000ull /* 256 GiB: bytes of a body */
#define DSR_MAX_HEADERS      24576u     /* bytes of the headers of an answer, as
                                         * they stand in the line of an exchange:
                                         * services send 8 to 16 KiB at most */
#define DSR_MAX_ASKED_HEADERS 12288u    /* bytes of the headers of a request that
                                         * are recorded; servers take 8 to 16 KiB */
#define DSR_MAX_ENTITY_TAG   200u       /* bytes of an ETag with its NUL; of a
                                         * longer one no rest is asked for */
#define DSR_MAX_CONTENT_MD5  32u        /* bytes of one with its NUL: 24 are in
                                         * use, and too many are seen */
#define DSR_MAX_URL          8190u      /* bytes of a URL: Apache's limit; others
                                         * take 8 to 16 KiB */
#define DSR_MAX_PAGES        1000000u   /* pages of one list */
#define DSR_MAX_IDENTIFIER   1024u      /* bytes of an id taken from a body */

#endif
