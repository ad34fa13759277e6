/* SPDX-License-Identifier: ISC */
/*
 * As much of PKCS #11 (Cryptoki 2.40) as it takes to sign: its types as they
 * lie in memory on Unix, and the functions in their order. A module is loaded
 * when it is asked for; nothing is linked for it.
 */
#ifndef DOSSIER_CORE_PKCS11_H
#define DOSSIER_CORE_PKCS11_H

typedef unsigned long ck_ulong;

#define CKR_OK                         0x000ul
#define CKR_PIN_INCORRECT              0x0A0ul
#define CKR_PIN_LEN_RANGE              0x0A2ul
#define CKR_PIN_LOCKED                 0x0A4ul
#define CKR_USER_ALREADY_LOGGED_IN     0x100ul
#define CKR_CRYPTOKI_ALREADY_INITIALIZED 0x191ul

#define CKF_SERIAL_SESSION             0x004ul
#define CKU_USER                       1ul
#define CKA_CLASS                      0x000ul
#define CKA_LABEL                      0x003ul
#define CKA_KEY_TYPE                   0x100ul
#define CKA_ID                         0x102ul
#define CKO_PRIVATE_KEY                3ul
#define CKK_RSA                        0ul
#define CKK_EC                         3ul
#define CKM_RSA_PKCS                   0x0001ul
#define CKM_ECDSA                      0x1041ul

struct ck_version {
	unsigned char major, minor;
};

struct ck_token_info {
	char label[32]; /* the texts are padded with blanks */
	char manufacturer[32];
	char model[16];
	char serial[16];
	ck_ulong flags;
	ck_ulong numbers[10];
	struct ck_version versions[2];
	char time[16];
};

struct ck_attribute {
	ck_ulong type;
	void *value;
	ck_ulong len;
};

struct ck_mechanism {
	ck_ulong type;
	void *parameter;
	ck_ulong len;
};

/* Those that are not called stand for their places alone. */
struct ck_functions {
	struct ck_version version;
	ck_ulong (*initialize)(void *args);
	ck_ulong (*finalize)(void *reserved);
	void (*not_called_1[2])(void);
	ck_ulong (*get_slot_list)(unsigned char with_token, ck_ulong *slots,
	    ck_ulong *count);
	void (*not_called_2[1])(void);
	ck_ulong (*get_token_info)(ck_ulong slot, struct ck_token_info *info);
	void (*not_called_3[5])(void);
	ck_ulong (*open_session)(ck_ulong slot, ck_ulong flags, void *ctx,
	    void *notify, ck_ulong *session);
	ck_ulong (*close_session)(ck_ulong session);
	void (*not_called_4[4])(void);
	ck_ulong (*login)(ck_ulong session, ck_ulong user, unsigned char *pin,
	    ck_ulong len);
	void (*not_called_5[5])(void);
	ck_ulong (*get_attribute_value)(ck_ulong session, ck_ulong object,
	    struct ck_attribute *attributes, ck_ulong count);
	void (*not_called_6[1])(void);
	ck_ulong (*find_objects_init)(ck_ulong session,
	    struct ck_attribute *attributes, ck_ulong count);
	ck_ulong (*find_objects)(ck_ulong session, ck_ulong *objects,
	    ck_ulong max, ck_ulong *count);
	ck_ulong (*find_objects_final)(ck_ulong session);
	void (*not_called_7[13])(void);
	ck_ulong (*sign_init)(ck_ulong session, struct ck_mechanism *mechanism,
	    ck_ulong key);
	ck_ulong (*sign)(ck_ulong session, unsigned char *data, ck_ulong len,
	    unsigned char *signature, ck_ulong *signature_len);
	/* others follow, and are not called */
};

typedef ck_ulong ck_get_functions(struct ck_functions **functions);

#endif
