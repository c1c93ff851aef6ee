// Made by dev/types.mjs from docs/formats/openapi.json: do not edit.

/** One account. */
export type Account = {
  /** To what it is appointed. */ appointment: Appointment;
  /** When it was made. */ created_at: Time;
  /** What others see. */ display_name: string;
  ended_at?: Time | null;
  /** The account. */ id: Id;
  link_until?: Time | null;
  /** The sign-in name; null until the one-time link was used. */ name?: string | null;
  /** Appointments. */ roles: Role[];
  /** Whether it gives rights at this moment. */ standing: Standing;
};

/** An account with the one-time link for it, to be handed over in person. */
export type AccountLink = {
  /** The account. */ account: Account;
  /** `https://ADDRESS/#link=SECRET`, usable once. It is not shown again. */ link: Secret;
};

/** All accounts. */
export type Accounts = {
  /** Those in force first, in the order of their making. */ accounts: Account[];
};

/** Whether a visitor is let in. */
export type Admission = "granted" | "denied";

/** To what somebody is appointed. What is null was not said. */
export type Appointment = {
  deputy_of?: Id | null;
  /** The number of the document that says so. */ document?: string | null;
  /** When the person is on duty; without any, for the whole of it. */ duty?: DutySpan[];
  from?: Time | null;
  pledged_at?: Time | null;
  /** The post of the institution's description, by its word. */ post?: string | null;
  trained_at?: Time | null;
  until?: Time | null;
};

/** What a device is, each part at most 64 characters on one line; null while nobody said it. */
export type Asset = {
  /** The number of the certificate. */ certificate?: string | null;
  /** What certifies its security: TTA, or the function test of the NIS. */ certified_by?: string | null;
  /** The firmware that was certified. */ certified_firmware?: string | null;
  /** The last day of the certificate, `2027-03-01`. */ certified_until?: string | null;
  /** The version of its firmware. */ firmware?: string | null;
  /** Who made it. */ maker?: string | null;
  /** Which model. */ model?: string | null;
  /** Its own number. */ serial?: string | null;
};

/** What a person saw, as everybody may know it: without a name and without the remark, which are
 * read as records of the ledger are. */
export type Attestation = {
  /** When it was entered. */ at: Time;
  /** Whether it is the word that counts for the promise as it reads today. */ counts: boolean;
  /** The day on which it was looked at. */ day: string;
  /** The entry of the ledger. */ entry: string;
  /** The last day on which it counts, if it says that it is as promised; null if the policy in force does not make this promise. */ good_until?: string | null;
  /** The promise. */ promise: string;
  /** What was seen. */ result: Seen;
  /** As what the person looked. */ role: Role;
  /** SHA-256 of the sentence that it was made for, 64 hexadecimal digits. */ sentence_sha256: string;
  /** The version of the policy in which that sentence stood. */ version: number;
};

/** What persons saw. */
export type Attestations = {
  /** The last entered first, at most 200. */ attestations: Attestation[];
};

/** One camera: a place that is watched, whatever device hangs there. */
export type Camera = {
  /** When it was added. */ added_at: Time;
  /** `h264`, `h265`, or null until the first frame. */ codec?: string | null;
  /** Since when the present device hangs there. */ device_since: Time;
  /** Every device that ever hung there, the present one last. */ devices: Device[];
  /** Whether a smaller feed is recorded beside the main one. */ has_sub: boolean;
  /** Height of the picture. */ height?: number | null;
  /** The camera. */ id: Id;
  /** Its name. */ name: string;
  /** The line of the policy that it belongs to, if it belongs to one. */ policy_spot?: string | null;
  range_at?: Time | null;
  /** The longest that a frame is kept. */ retention_max_s: number;
  /** The shortest that a statute asks. */ retention_min_s: number;
  /** The longest that the policy in force lets a frame be kept; null without one. */ retention_policy_s?: number | null;
  retired_at?: Time | null;
  sound?: CameraSound | null;
  /** The spot where it hangs (설치 위치), in words. */ spot: string;
  /** What its connection is doing. */ state: CameraState;
  suspicion?: Suspicion | null;
  /** How its packets travel. */ transport: CameraTransport;
  /** Its address without name and password. */ url_masked: string;
  /** Width of the picture. */ width?: number | null;
};

/** Changes what a camera is called. What is left out stays. */
export type CameraChange = {
  asset?: Asset | null;
  /** Its name: 1 to 64 characters. */ name?: string | null;
  /** The line of the policy that it belongs to; an empty one: none. */ policy_spot?: string | null;
  /** The spot where it hangs, in words. */ spot?: string | null;
};

/** How one camera is. */
export type CameraHealth = {
  /** Bits a second over the last ten seconds or so. */ bitrate_bps: number;
  /** Frames a second over the last ten seconds or so. */ fps: number;
  /** Frames known to be lost since it was added. */ frames_lost: number;
  /** The camera. */ id: Id;
  /** How long ago the newest frame that is on disk was taken; null before the first. */ last_durable_frame_age_ms?: number | null;
  /** Its name. */ name: string;
  /** What its connection is doing. */ state: CameraState;
  suspicion?: Suspicion | null;
};

/** What the cameras of a spot can do. */
export type CameraMethod = "fixed" | "turning" | "panorama";

/** A camera's place on a floor. */
export type CameraPlace = {
  /** How wide it sees; null if nobody said. */ angle_deg?: number | null;
  /** The camera. */ camera: Id;
  /** Whither it looks: 0 is to the top of the plan, 90 to the right; null if nobody said. */ direction_deg?: number | null;
  /** How far it sees, in ten-thousandths of the plan's width; null if nobody said. */ reach_permyriad?: number | null;
  /** From the left, in ten-thousandths of the plan's width. */ x_permyriad: number;
  /** From the top, in ten-thousandths of the plan's height. */ y_permyriad: number;
};

/** What a camera does with sound, of which none is ever taken. */
export type CameraSound = "none" | "offered" | "sent";

/** What a camera's connection is doing. */
export type CameraState = "connecting" | "recording" | "silent" | "unreachable" | "refused" | "unsupported" | "garbage" | "storage" | "off-hours" | "not-ordered" | "retired";

/** How a camera's packets travel. */
export type CameraTransport = "tcp" | "udp";

/** All cameras. */
export type Cameras = {
  /** Those that record first, in the order of their adding. */ cameras: Camera[];
};

/** Asks for a certificate of what became of a camera's footage. The asking is an act. */
export type CertificateRequest = {
  /** Which camera. */ camera: Id;
  /** The first moment of the span. */ from: Time;
  /** What it is for. */ purpose: Purpose;
  /** The first moment after it; at most 31 days later. */ to: Time;
};

/** Uses a one-time link: sets name and password of the account the link is for, and signs in.
 * 
 * The link's address is `https://ADDRESS/#link=SECRET`: browsers never send what follows `#`,
 * so the secret is in no server's log; the page reads it and sends it here. */
export type Claim = {
  /** What others see, for example on the tiles of a wall; left out, it stays as it is. */ display_name?: string | null;
  /** The secret of the link. */ link: Secret;
  /** The wanted sign-in name: 2 to 32 characters. */ name: string;
  /** The wanted password: at least 10 characters. */ password: Secret;
};

/** Why a viewing ended. */
export type CloseReason = "ended" | "signed-out" | "revoked" | "grant-over" | "ledger-unavailable" | "too-slow" | "stopping" | "failed";

/** Whether a visitor agrees to the collection of his data. */
export type Consent = "given" | "refused";

/** What an institution says of itself. */
export type DescribedInstitution = {
  /** Where it is. */ address: string;
  /** Nobody said where it is: it was assumed. */ address_is_assumed: boolean;
  /** Other spellings that mean it, and that no text may use. */ aliases: string[];
  /** Bodies below it. */ bodies: InstitutionBody[];
  /** To whom. */ companies: InstitutionCompany[];
  /** Cameras of others in the same buildings. */ foreign: ForeignCameras[];
  /** To whom requests are addressed. */ head: string;
  /** Where the policy is published. */ homepage?: string | null;
  /** The one full name. */ name: string;
  /** In English. */ name_en: string;
  /** Days before a change takes effect that it is announced at least. */ notice_days: number;
  /** Whether work is given to others. */ outsourced: Outsourced;
  /** Who is responsible, and who may look. */ posts: InstitutionPost[];
  /** Names that it had before, the oldest first. */ predecessors: FormerName[];
  /** What cameras are for. */ purposes: InstitutionPurpose[];
  /** What it is called in the text. */ short: string;
  /** Parts that keep their footage in one place, for one time, with their spots. */ units: InstitutionUnit[];
  /** This version of the policy and those before it, the oldest first. */ versions: DescribedVersion[];
};

/** A version of the policy, as the description tells it. */
export type DescribedVersion = {
  /** When it was announced, if that is known. */ announced?: string | null;
  /** From which day it holds. */ effective: string;
  /** Nobody said so. */ is_assumed: boolean;
  /** Why it came. */ reason?: string | null;
};

/** Whether keys are destroyed when they are due. */
export type Destruction = "running" | "frozen";

/** A certificate of destruction. */
export type DestructionCertificate = {
  /** The file, as it is to be kept: `jikim-verify destruction --certificate` reads it. */ file: string;
};

/** A device that hangs or hung at a camera's spot. */
export type Device = {
  asset?: Asset | null;
  /** Since when. */ from: Time;
  /** The device. */ id: Id;
  to?: Time | null;
  /** Its address without name and password. */ url_masked: string;
};

/** What has to be written so that a ground is complete. */
export type DisclosureBasis = "consent" | "statute" | "danger" | "resolution" | "treaty" | "investigation" | "trial" | "execution" | "emergency";

/** One disclosure with who asks, on what ground and for what. */
export type DisclosureCase = {
  /** Of its cameras, those of which nothing of that time was kept at receipt. */ absent: Id[];
  disclosure?: NewDisclosure | null;
  /** What stands on the board. */ line: DisclosureLine;
  /** Who received it. */ received_by: string;
  /** What happened since. */ steps: DisclosureStep[];
};

/** Why one person alone goes ahead. */
export type DisclosureCompelledBy = "warrant" | "missing-person";

/** Who confirmed from afar what one person did alone. */
export type DisclosureConfirmation = {
  /** When: within the last 24 hours. */ at: Time;
  /** Who confirmed it. */ by: string;
  /** Why it could not wait. */ compelled_by: DisclosureCompelledBy;
  /** How. */ how: DisclosureConfirmedHow;
};

/** How somebody who is not there confirmed it. */
export type DisclosureConfirmedHow = "telephone" | "message";

/** A decision of a disclosure. */
export type DisclosureDecision = {
  /** Whether it may be given. */ granted: boolean;
  /** Why; needed if it may not. */ text?: string;
};

/** Something that is owed of a disclosure. */
export type DisclosureDuty = {
  /** Days until then: 0 on that day, negative after it. */ days_left: number;
  /** The last day, `2026-12-21`. */ due: string;
  /** What. */ kind: DisclosureDutyKind;
};

/** What is owed of a disclosure. */
export type DisclosureDutyKind = "review" | "publish" | "report";

/** A ground of provision or use beyond the purpose that is in force today. */
export type DisclosureGround = {
  /** Which article says so. */ article: string;
  /** What has to be written so that it is complete. */ basis: DisclosureBasis;
  /** In English. */ en: string;
  /** Names it. */ id: string;
  /** In Korean. */ ko: string;
};

/** What a disclosure is. */
export type DisclosureKind = "provision" | "own-use";

/** A disclosure without who asks and why. */
export type DisclosureLine = {
  /** Which cameras. */ cameras: NamedCamera[];
  /** Whether one person granted it alone. */ compelled: boolean;
  /** Whether that person is whoever looks, and so does not review it. */ compelled_by_me: boolean;
  /** What is owed, what is due first at the front. */ duties: DisclosureDuty[];
  from?: Time | null;
  hold?: RequestHold | null;
  /** The number of receipt, `2026-17`. */ id: string;
  /** Whether whoever looks received it, and so does not decide it. */ mine: boolean;
  /** When it came in. */ received_at: Time;
  /** How it stands. */ state: DisclosureState;
  until?: Time | null;
};

/** That it is published that something was given. */
export type DisclosurePublication = {
  /** The first day on which it can be read. */ from: string;
  /** Where: the gazette and its number, or the address on the homepage. */ text: string;
  /** The last: at least so many days as the law says. */ until: string;
};

/** What was found, where it is published or what was reported. */
export type DisclosureRemark = {
  /** In words. */ text?: string;
};

/** How a disclosure stands. */
export type DisclosureState = "awaits-decision" | "awaits-provision" | "provided" | "done" | "refused" | "withdrawn";

/** What happened to a disclosure. */
export type DisclosureStep = {
  /** When. */ at: Time;
  /** Who did it. */ by: string;
  confirmation?: DisclosureConfirmation | null;
  /** Of a decision: whether it was granted. */ granted?: boolean | null;
  /** Of a publication: its first day. */ published_from?: string | null;
  /** Of a publication: its last day. */ published_until?: string | null;
  /** What. */ step: DisclosureStepWord;
  /** What was written beside it. */ text: string;
};

/** What happened to a disclosure after its receipt. */
export type DisclosureStepWord = "decided" | "compelled" | "reviewed" | "provided" | "published" | "reported" | "withdrawn";

/** All disclosures, those first of which something is due first. */
export type Disclosures = {
  /** The newest 500. */ disclosures: DisclosureLine[];
  /** The grounds of the law of today. */ grounds: DisclosureGround[];
  /** How long a publication stays at least, in days; none if the law of today does not say. */ published_days?: number | null;
};

/** One claim that was attacked. */
export type DoctorClaim = {
  /** Which: a word of small letters and hyphens (`docs/guide/trust.md`). */ claim: string;
  /** How it ended. */ result: DoctorResult;
  /** Attempts that succeeded. */ succeeded: number;
  /** Attempts. */ tried: number;
};

/** What came of an attack on the system's own claims. */
export type DoctorHealth = {
  /** When. */ at: Time;
  /** Each claim. */ claims: DoctorClaim[];
};

/** How the attack on a claim ended. */
export type DoctorResult = "held" | "broken" | "untested";

/** What a post of the institution answers for. */
export type Duty = "manager" | "protection-officer" | "officer" | "access" | "control-centre";

/** Some time on duty: at most 31 days. */
export type DutySpan = {
  /** Its first moment. */ from: Time;
  /** The first moment after it. */ until: Time;
};

/** The rule that the oldest footage goes before its time when the disk is nearly full, never below
 * a statutory minimum. */
export type EarlyDestruction = {
  in_force_from?: Time | null;
  /** The ledger entry of the last act by which footage was destroyed early; null if none ever was. */ last_act?: string | null;
  last_at?: Time | null;
  /** The proposal that the standing rule rests on, as `2026/17`; null without a rule. */ proposal?: string | null;
};

/** The body of every answer that is not a success. */
export type ErrorBody = {
  /** What went wrong. */ error: ErrorDetail;
};

/** Why a request was refused. */
export type ErrorCode = "bad-request" | "foreign-request" | "not-signed-in" | "locked" | "wrong-password" | "too-many-attempts" | "link-invalid" | "name-taken" | "password-weak" | "forbidden" | "not-found" | "conflict" | "appointment-unfit" | "roles-unfit" | "approval-missing" | "purpose-missing" | "span-unfit" | "too-many-cameras" | "retention-unfit" | "policy-unfit" | "policy-looser" | "retention-beyond-policy" | "promise-not-attestable" | "day-unfit" | "picture-unfit" | "remark-unfit" | "no-ticket" | "ticket-unfit" | "plan-unfit" | "plan-picture-unfit" | "plan-changed" | "camera-elsewhere" | "visit-unfit" | "request-unfit" | "disclosure-unfit" | "objection-unfit" | "decision-unfit" | "footage-kept" | "letter-unfit" | "register-unfit" | "press-missing" | "address-unfit" | "camera-unreachable" | "camera-refused" | "not-a-camera" | "camera-unsupported" | "no-picture" | "footage-held" | "footage-written" | "footage-owed" | "footage-gone" | "footage-unreadable" | "destruction-frozen" | "holder-away" | "no-witnesses" | "not-cosigned" | "ledger-unavailable" | "storage" | "busy" | "internal" | "mask-missing" | "mask-failed" | "footage-too-long";

/** What went wrong, for the program and for the person. */
export type ErrorDetail = {
  /** Which of the closed set. */ code: ErrorCode;
  /** The ledger entry that holds the refusal, as `2026/17`, when there is one. */ ledger_entry?: string | null;
  /** The same in English. */ message_en: string;
  /** One sentence in Korean that says what to do. */ message_ko: string;
  /** With `too-many-attempts` and `busy`: seconds until another attempt is worth it. */ retry_after_s?: number | null;
};

/** When a stretch of footage ends for good. */
export type Expiry = {
  /** Its key is destroyed at this instant or before. */ expires_at: Time;
  /** Beginning of the stretch. */ from: Time;
  /** End of the stretch. */ to: Time;
};

/** A case that lets something out. */
export type ExportCase = {
  /** Of which cameras. */ cameras: NamedCamera[];
  /** From when. */ from: Time;
  /** The number of receipt, `2026-17`. */ id: string;
  /** What it is. */ kind: ExportCaseKind;
  /** Whether it may leave with others to be seen: never in a person's own copy. */ may_be_whole: boolean;
  /** Until when. */ until: Time;
};

/** What an export answers. */
export type ExportCaseKind = "request" | "disclosure";

/** A clip of a working copy. */
export type ExportClip = {
  /** Boxes that were covered, over all frames. */ boxes?: number | null;
  /** Of which camera. */ camera: NamedCamera;
  /** How much of the picture is covered, in thousandths. */ covered_permille?: number | null;
  /** Frames; none if nobody counted them. */ frames?: number | null;
  /** When its first frame was filmed. */ from: Time;
  /** What of the case's time this camera has no picture of; with its first clip. */ gaps: ExportGap[];
  /** Tracks that stay to be seen. */ kept: number[];
  /** Its place in the copy, from 1. */ number: number;
  /** The first moment after it. */ until: Time;
};

/** A working copy. */
export type ExportCopy = {
  /** Its clips. */ clips: ExportClip[];
  /** SHA-256 of its list, by which it is called. */ copy: string;
  /** From when. */ from: Time;
  /** Its number of receipt. */ id: string;
  /** When its key is destroyed at the latest. */ kept_until: Time;
  /** For which case. */ kind: ExportCaseKind;
  /** Whether everybody but whom it is about is covered. */ masked: boolean;
  proposal?: ExportProposal | null;
  /** Until when. */ until: Time;
};

/** A stretch of time without a picture. */
export type ExportGap = {
  cause?: GapCause | null;
  /** Its first moment. */ from: Time;
  /** The first moment after it. */ until: Time;
};

/** What is being prepared. */
export type ExportPreparation = {
  failed?: ErrorCode | null;
  /** Its number of receipt. */ id: string;
  /** For which case. */ kind: ExportCaseKind;
  /** How far it is, in hundredths; none while that is not known. */ percent?: number | null;
  /** Since when. */ started_at: Time;
};

/** How two people stand to a copy. */
export type ExportProposal = {
  /** Whether that person may seal it now: it was approved, and that person is one of the two. */ can_seal: boolean;
  /** Who decided. */ decided_by?: string | null;
  /** Whether the person who asks proposed it. */ mine: boolean;
  /** Number of its entry within the year. */ number: number;
  /** Who proposed it. */ proposed_by: string;
  /** How it stands. */ state: ProposalState;
  /** Year of its entry. */ year: number;
};

/** What was sealed, and what opens it: told this once, and kept nowhere. */
export type ExportSealed = {
  /** The file. */ export: SealedExport;
  /** What opens it. It goes to the recipient another way than the file. */ passphrase: Secret;
};

/** Everything of exports: no names. */
export type Exports = {
  /** Cases that are granted now, the newest first. */ cases: ExportCase[];
  /** Working copies, the newest end last. */ copies: ExportCopy[];
  /** Whether somebody who covers people listens at the socket for it. */ mask_is_there: boolean;
  /** What is being prepared, or was and failed. */ preparing: ExportPreparation[];
  /** What left, the newest first. */ sealed: SealedExport[];
};

/** Which feed of a camera a wall shows. */
export type FeedChoice = "main" | "sub" | "auto";

/** One floor. */
export type Floor = {
  /** Its building. */ building: string;
  /** The cameras that have a place on it; retired ones are left out. */ cameras: CameraPlace[];
  /** When it was changed last. */ changed_at: Time;
  /** The floor. */ id: Id;
  /** Where it stands among the floors of its building: 1 is the ground floor, -1 the first below. */ level: number;
  /** Its name. */ name: string;
  /** The entry of the picture of its plan; null if there is none. */ picture?: string | null;
  /** Its newest entry in the ledger: who changes the floor says which state he saw. */ revision: string;
  /** The site that its building stands on. */ site: string;
};

/** What a floor is to be from now on. */
export type FloorChange = {
  /** As in [`NewFloor`]. */ building: string;
  /** All cameras that are to have a place on it: at most 500, none twice, none that another floor has. */ cameras: CameraPlace[];
  /** As in [`NewFloor`]. */ level: number;
  /** As in [`NewFloor`]. */ name: string;
  /** The newest entry of the floor as it was seen; refused if somebody changed it since. */ revision: string;
  /** As in [`NewFloor`]. */ site: string;
};

/** Removes a floor; cameras on it then have no place. */
export type FloorRemoval = {
  /** As in [`FloorChange`]. */ revision: string;
};

/** Later messages of the page on `/footage`. */
export type FootageCommand = {
  /** Whether frames between keyframes are left out at a speed at which they would be sent: for a page that cannot keep up. */ keyframes_only?: boolean;
  /** Counted up by the page from 1, so that it knows the answer to its latest seek. */ number: number;
  /** How fast it is played from there: 25 to 1600, or as much below zero to play backwards. */ speed_percent?: number;
  /** Where to. */ to: Time;
  type: "seek";
} | {
  /** How many columns, all equally long. */ columns: number;
  /** Beginning of the first column. */ from: Time;
  /** Counted up by the page. Of many questions at once the oldest get no answer. */ number: number;
  /** The tile. */ tile: number;
  /** End of the last column: at most 24 hours after the beginning. */ to: Time;
  type: "changes";
} | {
  /** Wall time of the picture that is seen. */ at: Time;
  type: "position";
};

/** The first message on `/footage`. */
export type FootageOpen = {
  /** The tiles, in order; tile 0 is the first. At most 9. */ cameras: Id[];
  /** Beginning of what may be watched in this act. */ from: Time;
  /** What for. */ purpose: Purpose;
  start?: Time | null;
  /** End of it: at most 24 hours after the beginning. */ to: Time;
};

/** Cameras of somebody else in the same buildings. */
export type ForeignCameras = {
  /** Its telephone. */ contact: string;
  /** Who runs them. */ operator: string;
  /** Where they are. */ place: string;
};

/** A name that the institution had before. */
export type FormerName = {
  /** As it was written then. */ name: string;
  /** The first day on which it was called otherwise. */ until: string;
};

/** A time without footage. */
export type Gap = {
  /** Why. */ cause: GapCause;
  /** Beginning. */ from: Time;
  to?: Time | null;
};

/** Why nothing was recorded for a while. */
export type GapCause = "camera-unreachable" | "camera-silent" | "camera-refused" | "camera-garbage" | "packets-lost" | "recorder-stopped" | "overload" | "storage" | "not-scheduled";

/** Hands a running wall to the next person on duty. Takes both sign-ins. */
export type HandOver = {
  /** The sign-in name of the person who comes. */ name: string;
  /** The password of the person who leaves. */ outgoing_password: Secret;
  /** The password of the person who comes. */ password: Secret;
};

/** How the recorder is. */
export type Health = {
  /** What needs a person, the gravest first. */ alarms: HealthAlarm[];
  /** Every camera that is not retired. */ cameras: CameraHealth[];
  doctor?: DoctorHealth | null;
  /** The keys. */ keys: KeyHealth;
  /** The ledger. */ ledger: LedgerHealth;
  /** The recorder's time. */ now: Time;
  /** What reads everything again and again, to find damage. */ scrub: ScrubHealth;
  /** The whole. */ state: HealthState;
  /** The program's version. */ version: string;
  /** Every volume. */ volumes: VolumeHealth[];
};

/** Something that needs a person. */
export type HealthAlarm = {
  camera?: Id | null;
  /** A stable word for it. */ code: string;
  /** Since when. */ since: Time;
  /** The same in English. */ text_en: string;
  /** What it is and what to do, in Korean. */ text_ko: string;
};

/** How the whole recorder is. */
export type HealthState = "ok" | "degraded" | "failing";

/** One hold. */
export type Hold = {
  /** Whose footage. */ cameras: NamedCamera[];
  /** For which case. */ case: string;
  /** Its first minute. */ from: Time;
  /** Which. */ id: Id;
  /** When. */ placed_at: Time;
  /** Who placed it, as others see that person. */ placed_by: string;
  purpose?: Purpose | null;
  release_purpose?: Purpose | null;
  released_at?: Time | null;
  /** Who released it; null if nobody did. */ released_by?: string | null;
  /** How it stands. */ state: HoldState;
  /** The first moment after it. */ to: Time;
  /** When it lapses unless it is renewed. */ until: Time;
};

/** Holds footage no longer: it goes with the next rotation if its time is over. */
export type HoldRelease = {
  /** Why. */ purpose: Purpose;
};

/** Keeps held footage for longer. */
export type HoldRenewal = {
  /** Why. */ purpose: Purpose;
  /** When it lapses now: at most 90 days ahead. */ until: Time;
};

/** How a hold stands. */
export type HoldState = "held" | "released" | "lapsed";

/** What is held and what was. */
export type Holds = {
  /** Those that hold first, the newest first. */ holds: Hold[];
};

/** A UUID, in lower case with hyphens. */
export type Id = string;

/** A body below the institution. */
export type InstitutionBody = {
  /** As published. */ name: string;
  /** Where its own policy is published, if it has one; then this one speaks of none of its cameras. */ own_policy?: string | null;
};

/** To whom work is given. */
export type InstitutionCompany = {
  /** Its telephone. */ contact: string;
  /** When its contract was signed; null if nobody said that there is one. */ contract_signed?: string | null;
  /** The last day of the contract, if it has one. */ contract_until?: string | null;
  /** Nobody said so. */ is_assumed: boolean;
  /** Its name. */ name: string;
  /** To whom it gives parts of the work on. */ subcontractors: InstitutionSubcontractor[];
  /** What it does. */ work: string;
};

/** How live pictures are watched. */
export type InstitutionMonitoring = {
  /** Nobody said so. */ is_assumed: boolean;
  /** As published. */ method: string;
  place?: InstitutionPlace | null;
};

/** A room. */
export type InstitutionPlace = {
  /** Its word. */ id: string;
  /** Nobody said so. */ is_assumed: boolean;
  /** As published. */ name: string;
};

/** A post, never a person. */
export type InstitutionPost = {
  /** Its telephone. */ contact: string;
  /** Its department. */ department: string;
  /** How many stand in for its holder. */ deputies: number;
  /** What it answers for. */ duty: Duty;
  /** Its word. */ id: string;
  /** Nobody said so. */ is_assumed: boolean;
  /** Its title. */ title: string;
  /** The names of the units that it serves; all if empty. */ units: string[];
};

/** What cameras are for. */
export type InstitutionPurpose = {
  /** The article of it. */ article: string;
  /** The same in English. */ ground_en: string;
  /** The ground of the law, in Korean; empty if the law of today has no such ground. */ ground_ko: string;
  /** Its word. */ id: string;
  /** The statute or ordinance that permits it, for the first ground. */ statute?: string | null;
  /** As published. */ text: string;
};

/** Where cameras hang: one line of the published table, and what hangs there. */
export type InstitutionSpot = {
  /** Whether anybody may come there. */ class: PlaceClass;
  /** Its word. */ id: string;
  /** Nobody said so. */ is_assumed: boolean;
  /** What its cameras can do. */ method: CameraMethod;
  /** As published. */ name: string;
  /** How many of these do not because it is not their hour. */ off_hours: number;
  /** How many cars fit, if it is for parking and somebody counted. */ parking_spaces?: number | null;
  /** How many cameras are published. */ published: number;
  /** What for: words of purposes. */ purposes: string[];
  /** What is filmed, as published. */ range: string;
  /** How many of these record now. */ recording: number;
  /** How many in use belong to it. */ registered: number;
  /** Days that footage is kept at most. */ retention_days: number;
  /** When staff were consulted, if it watches staff. */ staff_consulted_on?: string | null;
};

/** To whom a contractor gives parts of the work on. */
export type InstitutionSubcontractor = {
  /** Its telephone. */ contact: string;
  /** Its name. */ name: string;
  /** What it does. */ work: string;
};

/** A part of the institution. */
export type InstitutionUnit = {
  /** The name of the body that it is a part of, if it is of one. */ body?: string | null;
  contact?: InstitutionPost | null;
  /** `24h`, or like `mon-fri 08:00-19:00, sat 09:00-13:00`, in Korean time. */ hours: string;
  /** Its word. */ id: string;
  monitoring?: InstitutionMonitoring | null;
  /** As published. */ name: string;
  /** Days that footage is kept at most. */ retention_days: number;
  /** Where cameras hang. */ spots: InstitutionSpot[];
  storage?: InstitutionPlace | null;
  viewing?: InstitutionPlace | null;
};

/** What the policy in force was made from. */
export type InstitutionView = {
  described?: DescribedInstitution | null;
  /** Its entry in the ledger. */ entry?: string | null;
  /** What stands against it under the law of today. */ findings: PolicyFinding[];
  /** The version of the policy that is in force; null if none is, and then there is nothing else. */ version?: number | null;
  /** Cameras in use that belong to no line of it. */ without_line: NamedCamera[];
};

/** Which tracks of a clip stay to be seen. */
export type KeptSubject = {
  /** The clip, from 1, as the copy before had it. */ clip: number;
  /** The number of the track in its boxes. */ track: number;
};

/** How the keys are. */
export type KeyHealth = {
  /** Keys that are kept. */ buckets: number;
  /** Whether keys are destroyed when they are due. */ destruction: Destruction;
  /** Number of the epoch; grows by one with each rotation. */ epoch: number;
  /** What holds the vault key, in words (for example `file`). */ holder: string;
  last_rotation_at?: Time | null;
  next_rotation_at?: Time | null;
  /** Why not, while frozen. */ reason?: string | null;
};

/** One entry, as everybody may see it who may read the ledger. */
export type LedgerEntry = {
  /** The action, where the entry (or the intent it reports on) has one: a word of `domain::Action`. */ action?: string | null;
  /** The intent that this entry closes or reports on, or the proposal that it decides or rests on, as `2026/17`. */ intent?: string | null;
  /** Its kind, a word of the ledger's closed list (for example `intent`, `outcome`, `refusal`). */ kind: string;
  /** Whether the person who asks did it. */ mine: boolean;
  /** Its number in it, from 0. Together they are written `2026/17`. */ number: number;
  /** How it came out: `done`, `failed` or `unknown`; of an approval `approved`, `refused` or `withdrawn`; of a refusal its reason; null otherwise. */ outcome?: string | null;
  /** When it was appended. */ time: Time;
  /** Year of its log. */ year: number;
};

/** How the ledger is. */
export type LedgerHealth = {
  /** Age of the newest signed checkpoint. */ checkpoint_age_s: number;
  /** Root hash at that size, in standard base64. */ root: string;
  /** Entries. */ size: number;
  /** How it is. */ state: PartState;
  witnessing?: WitnessHealth | null;
};

/** Some entries, and what the ledger is. */
export type LedgerPage = {
  /** The newest first; may reach back into earlier years. */ entries: LedgerEntry[];
  /** The log's name for verifiers. */ origin: string;
  /** Root hash at that size, in standard base64. */ root: string;
  /** Entries in it. */ size: number;
  /** Year of the log; each year has its own, beginning at number 0. */ year: number;
};

/** One entry with what lies behind it. */
export type LedgerRecord = {
  detail?: RecordDetail | null;
  /** The entry. */ entry: LedgerEntry;
  /** Whether there is a record which this person may not read. */ withheld: boolean;
};

/** The form in which a letter is handed out. */
export type LetterFormat = "html" | "pdf" | "hwpx" | "json";

/** A letter that answers a request. */
export type LetterKind = "receipt" | "existence" | "viewing" | "partial" | "postponed" | "refused" | "absent" | "objection";

/** The first message on `/live`. */
export type LiveOpen = {
  /** The tiles, in order; tile 0 is the first. At most 25. */ cameras: Id[];
  /** Which feed. */ feed: FeedChoice;
};

/** Minutes of footage that are to be destroyed before their time. */
export type Minutes = {
  /** Whose footage. */ cameras: NamedCamera[];
  /** The first of them. */ from: Time;
  /** The first moment after them. */ to: Time;
};

/** A camera by id and by the name it had then. */
export type NamedCamera = {
  /** The camera. */ id: Id;
  /** Its name. */ name: string;
};

/** Makes an account. */
export type NewAccount = {
  /** To what. Whoever sees footage or administers has pledged and was trained within a year. */ appointment?: Appointment;
  /** What others see: 1 to 64 characters. */ display_name: string;
  /** At least one. */ roles: Role[];
};

/** What a person saw. */
export type NewAttestation = {
  /** The day on which it was looked at, where the institution is: `2026-11-20`; today, or at most 30 days ago. */ day: string;
  /** A picture of it in standard base64: JPEG or PNG, at most 512 KiB before. Sealed as the remark is. */ picture_base64?: string | null;
  /** The promise, of the policy in force: one that the program does not look at itself. */ promise: string;
  /** What there is to say of it: at most 500 characters, may be empty. It is sealed: whoever reads it says what for. */ remark: string;
  /** What was seen. */ result: Seen;
};

/** Adds a camera. */
export type NewCamera = {
  /** Its name: 1 to 64 characters. */ name: string;
  password?: Secret | null;
  /** The line of the policy that it belongs to: the id of a spot of the description. */ policy_spot?: string | null;
  /** The longest that a frame is kept: `90s`, `2h`, `30d`. */ retention: string;
  /** The shortest that a statute asks, in the same words; nothing if left out. */ retention_minimum?: string | null;
  /** The spot where it hangs, in words: at most 128 characters. */ spot: string;
  sub_url?: Secret | null;
  /** How its packets travel. */ transport: CameraTransport;
  /** `rtsp://…` of the feed that is kept. May hold name and password. */ url: Secret;
  /** The camera's sign-in name, if not in the address. */ username?: string | null;
};

/** A disclosure as it is asked for. */
export type NewDisclosure = {
  /** What makes the ground complete. */ basis: string;
  /** The body that asks, or the department of ours. */ body: string;
  /** Which cameras: 1 to 9. */ cameras: Id[];
  /** What is asked of the recipient; may be empty if it is our own use. */ conditions?: string;
  /** The number of the paper that asks for it. */ document: string;
  /** Its first minute. */ from: Time;
  /** The id of a ground that is in force today. */ ground: string;
  /** What it is. */ kind: DisclosureKind;
  /** Who came for it: name and rank or post. */ officer: string;
  /** That one's telephone number. */ phone: string;
  /** What it is for. */ purpose: string;
  /** The first minute after it: at most four hours later, and not ahead. */ until: Time;
  /** The last day on which the recipient may use it, at most 366 days ahead. */ use_until?: string | null;
};

/** A working copy that is to be made. */
export type NewExport = {
  /** Which of the case's cameras; all if none is named. */ cameras?: Id[];
  from?: Time | null;
  /** The number of receipt, `2026-17`. */ id: string;
  /** Who stays to be seen. */ keep?: KeptSubject[];
  /** What it answers. */ kind: ExportCaseKind;
  /** Whether everybody but the kept is covered. */ masked: boolean;
  until?: Time | null;
};

/** Adds a floor; with it its site and building, if no other floor has them. */
export type NewFloor = {
  /** The building: 1 to 64 characters on one line. */ building: string;
  /** Where it stands among the floors of its building. */ level: number;
  /** The floor: 1 to 64 characters on one line; no other of the building has the name. */ name: string;
  /** The site: 1 to 64 characters on one line. */ site: string;
};

/** Keeps footage beyond its time. */
export type NewHold = {
  /** Whose footage: 1 to 9 cameras, each once. */ cameras: Id[];
  /** For which case: 1 to 100 characters on one line. */ case: string;
  /** From here; the minute that it lies in is held whole. */ from: Time;
  /** Why. */ purpose: Purpose;
  /** To here, at most 4 hours later; likewise. */ to: Time;
  /** When it lapses unless it is renewed: at most 90 days ahead. */ until: Time;
};

/** Proposes to destroy single minutes before their time: just these, nothing is rounded. */
export type NewMinutes = {
  /** Whose footage: 1 to 9 cameras, each once. */ cameras: Id[];
  /** The first of them: a whole minute. */ from: Time;
  /** Why, in a few words: 1 to 200 characters. */ reason: string;
  /** The first moment after them: a whole minute, at most 4 hours later. */ to: Time;
};

/** Sets the picture of a floor's plan, or takes it away. */
export type NewPlanPicture = {
  /** JPEG or PNG in standard base64, at most 512 KiB before and 4096 pixels on a side; null takes the picture away. */ picture_base64?: string | null;
  /** As in [`FloorChange`]. */ revision: string;
};

/** A description, as a file of TOML (`docs/formats/institution.md`). */
export type NewPolicy = {
  /** The file: at most 256 KiB. */ description: string;
};

/** Proposes a version that promises less than the one before: it takes two people. */
export type NewPolicyProposal = {
  /** The description, TOML. */ description: string;
  /** Why, in a few words: 1 to 200 characters. */ reason: string;
};

/** A published text that is to be looked through. Nothing of it is kept. */
export type NewPolicyReading = {
  /** What was answered of the fields of the draft, by their paths. */ answers?: {
  
};
  /** The day whose law is asked, `2026-11-23`; today if left out. */ date?: string | null;
  /** Instead of it the file that holds it, at most 2 MiB: HWPX, or text in UTF-8, UTF-16 or CP949. */ file_base64?: string | null;
  /** The text, at most 512 KiB, tables with tabs or `|`; empty if it is in the file. */ text: string;
};

/** Proposes to keep a camera's footage for longer. */
export type NewProposal = {
  /** The camera. */ camera: Id;
  /** Why, in a few words: 1 to 200 characters. */ reason: string;
  /** The longest that a frame is to be kept. */ retention_max_s: number;
};

/** Keeps the picture of what a camera films, or takes it away. */
export type NewRangePicture = {
  /** JPEG or PNG in standard base64, at most 512 KiB before and 4096 pixels on a side, masked before it is sent; null takes the picture away. */ picture_base64?: string | null;
};

/** A request as it comes in. */
export type NewRequest = {
  agent?: RequestAgent | null;
  /** What is asked: at least one, none twice. */ asks: RequestAsked[];
  /** Which cameras: 1 to 9. */ cameras: Id[];
  /** How it came. */ channel: RequestChannel;
  /** Its first minute. */ from: Time;
  front?: RequestFront | null;
  /** Purpose and reason. */ reason: string;
  /** Who was filmed and asks: the data subject. */ requester: RequestPerson;
  /** The first minute after it: at most four hours later, and not ahead. */ until: Time;
};

/** A ticket that is to be opened. */
export type NewTicket = {
  /** The cameras that it is about; left out or empty, the recorder as a whole. */ cameras?: Id[];
  /** Whose account it is for: a contractor's. */ contractor: Id;
  /** Who is with him: any other account that has a role of the institution. */ escort: Id;
  /** From when: at most 7 days ahead, at most 10 minutes ago. */ from: Time;
  /** The first moment after it: at most 12 hours after its beginning. */ until: Time;
  /** What is to be done: 1 to 500 characters. Sealed. */ work: string;
};

/** A visit that is to be entered. */
export type NewVisit = {
  /** Whether he is let in. */ admission: Admission;
  /** The room: the id of an area of the policy in force. */ area: string;
  /** From where; may be empty, and has to be without consent. */ body?: string;
  /** What for: needed with consent, refused without. */ business?: string;
  /** Whether the visitor agrees to the collection of his data. */ consent: Consent;
  /** Who of the institution is with the visitor. */ escort: Id;
  /** Who: needed with consent, refused without. At most 200 characters, as all below. */ name?: string;
  /** SHA-256 of the text that he was shown, as `notice` had it. */ notice_sha256: string;
  /** Why he is not let in: needed then. */ reason?: string;
};

/** One witness. */
export type OneWitness = {
  cosigned_at?: Time | null;
  /** What the policy calls it. */ name: string;
  /** Why its last answer was no cosignature; null if it was one. */ trouble?: string | null;
};

/** Whether work is given to others. */
export type Outsourced = "yes" | "no" | "unknown";

/** How a volume or the ledger is. */
export type PartState = "ok" | "degraded" | "failing" | "absent";

/** One thing a person may do. */
export type Permission = {
  /** A word of `domain::Action`, for example `live.watch`. */ action: string;
  /** The only cameras it is about; null for all. */ cameras?: Id[] | null;
  /** With `recent+purpose`: how far back, in seconds. */ look_back_s?: number | null;
  /** The cell of the permission table: `yes`, `purpose` (a purpose is asked), `recent+purpose` (and only the last minutes), `once+purpose` (and once for each new device). */ scope: string;
};

/** Whether anybody may come to a spot. */
export type PlaceClass = "open" | "non-open" | "mixed";

/** The picture of a floor's plan. */
export type PlanPicture = {
  /** JPEG or PNG in standard base64. */ picture_base64: string;
};

/** The floors of all buildings. */
export type Plans = {
  /** By site, building and level. */ floors: Floor[];
};

/** A place where the texts of two versions differ. */
export type PolicyDifference = {
  /** What stands there; null if it is gone. */ after?: string | null;
  /** What stood there; null if it is new. */ before?: string | null;
  /** Below which heading. */ section: string;
};

/** What a description would become. */
export type PolicyDraft = {
  /** Whether it can be announced. */ can_be_announced: boolean;
  /** Where its text would differ from that. */ differences: PolicyDifference[];
  /** Its text; null if it could not be read. */ document?: {
  
} | null;
  /** The first day on which it would be in force. */ effective?: string | null;
  /** What stands against publishing it; errors first, and they block. */ findings: PolicyFinding[];
  /** What it promises less than the version before it. */ loosenings: PolicyLoosening[];
  /** Why the file could not be read; null if it could. */ unreadable?: string | null;
};

/** Something that stands against publishing. */
export type PolicyFinding = {
  /** The article that asks for it. */ article: string;
  /** Where. */ at: string;
  /** Which rule found it. */ rule: string;
  /** How bad it is. */ severity: Severity;
  /** The same in English. */ text_en: string;
  /** What is wrong and what to do. */ text_ko: string;
};

/** A line of cameras: each camera that records belongs to one. */
export type PolicyLine = {
  /** How many cameras it promises. */ cameras: number;
  /** Its word: a camera's `policy_spot`. */ id: string;
  /** As published, with its unit before it. */ name: string;
};

/** Something that is promised less than before. */
export type PolicyLoosening = {
  /** In English. */ text_en: string;
  /** In Korean. */ text_ko: string;
};

/** Something that was otherwise in the text that a description was made from. */
export type PolicyMended = {
  /** What was found. */ found: string;
  /** What stands there now. */ now: string;
};

/** What came of it. */
export type PolicyReading = {
  /** The day whose law was asked. */ date: string;
  /** A description that says the same. */ draft: ReadingDraft;
  /** What was understood. */ facts: ReadingFacts;
  /** What is wrong, the first line first; what is missing from the whole text before. */ findings: ReadingFinding[];
  /** Lines of which nothing was understood. */ not_understood: ReadingLine[];
  /** The text that was in the file, if one was sent. */ text?: string | null;
};

/** A sign on the wall. */
export type PolicySign = {
  /** The lines of cameras for which it speaks. */ covers: PolicyLine[];
  /** What the law asks it to say. */ lines: PolicySignLine[];
  /** What stands above. */ title: string;
  /** The word of its unit, as `jikim policy sign --unit` takes it. */ unit: string;
  /** Where the policy can be read. */ url?: string | null;
};

/** A line of a sign. */
export type PolicySignLine = {
  /** What it is about. */ label: string;
  /** What it says. */ text: string;
};

/** What a version of the policy is today. */
export type PolicyState = "announced" | "in-force" | "archived";

/** One version. */
export type PolicyVersion = {
  /** When it was announced. */ announced_at: Time;
  /** The first day on which it is in force: `2026-11-01`. */ effective: string;
  /** The entry of the ledger that announced it. */ entry: string;
  /** What it is today. */ state: PolicyState;
  /** Counted from 1. */ version: number;
};

/** The policy in force and every version that was announced. */
export type PolicyView = {
  /** Where its text differs from the version before it; none for the first. */ differences: PolicyDifference[];
  /** Its text: a document as `docs/formats/document.md` says; null with it. */ document?: {
  
} | null;
  /** Its lines of cameras. */ lines: PolicyLine[];
  /** What was mended of the text that it was made from. */ mended: PolicyMended[];
  /** Why it came, if it says so. */ reason?: string | null;
  /** The one that is shown; null if none was ever announced. */ shown?: number | null;
  /** The signs on the wall that it asks for. */ signs: PolicySign[];
  /** Lines for which no sign speaks, since nobody may come there who was not asked. */ unsigned: PolicyLine[];
  /** The newest first. */ versions: PolicyVersion[];
};

/** One promise. */
export type Promise = {
  /** The article it rests on. */ article: string;
  attestation?: Attestation | null;
  /** For how many days the word of a person counts; null if the program looks at it itself. */ attested_every_days?: number | null;
  /** When it was looked at. */ checked_at: Time;
  /** What was seen, in Korean. */ evidence: string;
  /** The same in English. */ evidence_en: string;
  /** Stable: `cameras.lobby`. */ id: string;
  /** The same in English. */ penalty_en?: string | null;
  /** What breaking it costs, if the law names something. */ penalty_ko?: string | null;
  /** The number of the section it stands in. */ section: number;
  /** What became of it. */ state: PromiseState;
  /** In English. */ text_en: string;
  /** As published. */ text_ko: string;
};

/** What became of a promise. */
export type PromiseState = "kept" | "broken" | "unproven";

/** The promises of the policy in force, and what became of each. */
export type Promises = {
  /** What the manager has to see to each year beside them: of no section, published nowhere. */ duties: Promise[];
  entered?: PromisesEntered | null;
  /** In the order of the text. */ promises: Promise[];
  /** The version whose promises they are; null if no policy is in force. */ version?: number | null;
};

/** An entry of promises in the ledger. */
export type PromisesEntered = {
  /** When. */ at: Time;
  /** Which. */ entry: string;
};

/** One proposal: to keep a camera's footage for longer, to allow early destruction, to destroy single
 * minutes, or to announce a policy that promises less. */
export type Proposal = {
  /** The act: `camera.lengthen-retention`, `footage.allow-early`, `footage.destroy-minutes` or `policy.loosen`; decided on, but not listed here, `export.seal`. */ action: string;
  camera?: NamedCamera | null;
  /** Whether that person may carry it out now: it was approved, its time has come, and that person is one of the two. */ can_carry_out: boolean;
  carry_out_from?: Time | null;
  decided_at?: Time | null;
  /** Who decided. */ decided_by?: string | null;
  /** Whether the person who asks proposed it. */ mine: boolean;
  minutes?: Minutes | null;
  /** Number of its entry within the year. */ number: number;
  policy?: ProposedPolicy | null;
  /** For how long it is kept now; likewise. */ present_max_s?: number | null;
  /** When. */ proposed_at: Time;
  /** Who proposed it, as others see that person. */ proposed_by: string;
  /** Why. */ reason: string;
  /** For how long it is to be kept at most; null if that is not what it is about. */ retention_max_s?: number | null;
  /** How it stands. */ state: ProposalState;
  /** Until when it can be approved and carried out. */ until: Time;
  /** Year of its entry in the ledger. */ year: number;
};

/** Decides of a proposal. */
export type ProposalDecision = {
  /** Whether to approve. An approval is carried out at once, but for the destruction of single minutes, which somebody carries out a day later; no is a refusal, or taking back what one proposed oneself. */ approves: boolean;
};

/** How a proposal stands. */
export type ProposalState = "open" | "approved" | "carried-out" | "failed" | "refused" | "withdrawn" | "lapsed";

/** All proposals. */
export type Proposals = {
  /** The standing rule on early destruction, and what was done by it. */ early: EarlyDestruction;
  /** The newest first. */ proposals: Proposal[];
};

/** A version that is proposed. */
export type ProposedPolicy = {
  /** The description, TOML: what is approved is this and nothing else. */ description: string;
  /** The first day on which it would be in force: `2026-12-01`. */ effective: string;
  /** What it promises less than the newest version. */ loosenings: PolicyLoosening[];
};

/** What a viewing is for: one of the controlled list, with a case number or a few words. */
export type Purpose = {
  /** Which of the list. */ kind: PurposeKind;
  /** Case number or reason: 1 to 200 characters on one line. */ note: string;
};

/** What a viewing is for. */
export type PurposeKind = "facility-safety" | "fire-prevention" | "crime-prevention" | "traffic" | "incident" | "subject-request" | "investigation" | "maintenance";

/** The picture of what a camera films, with nobody to be known on it. */
export type RangePicture = {
  /** When it was entered. */ entered_at: Time;
  /** The entry that holds it, as `2026/17`. */ ledger_entry: string;
  /** JPEG or PNG in standard base64. */ picture_base64: string;
};

/** One answer that can be chosen. */
export type ReadingChoice = {
  /** The same in English. */ text_en: string;
  /** What it means. */ text_ko: string;
  /** What is answered. */ word: string;
};

/** A description of the institution that follows from a published text. */
export type ReadingDraft = {
  /** What of it was read, assumed or has to be asked, in its order. */ fields: ReadingField[];
  /** What stands against announcing it; empty while it cannot be read. */ findings: PolicyFinding[];
  /** The description, as `docs/formats/institution.md` says, with what is not known left as a blank. */ toml: string;
  /** Why it cannot be read as a description yet; null if it can. */ unreadable?: string | null;
};

/** What was understood of a published text. */
export type ReadingFacts = {
  /** Cameras as stated. */ cameras_stated?: number | null;
  /** Cameras: the sum of what is listed, else what is stated. */ cameras_total?: number | null;
  /** By what the text groups them. */ groups: ReadingGroup[];
  /** `24`, `schedule`, `mixed` or `unknown`. */ hours: string;
  /** Whose policy it is. */ institution?: string | null;
  /** `yes`, `no` or `unknown`: whether work is given to others. */ processor: string;
  /** As written. */ purposes: string[];
  /** The longest that footage is kept. */ retention_days_max?: number | null;
  /** As written. */ storage_places: string[];
  /** Versions with their days. */ versions: ReadingVersion[];
};

/** One field of a draft. */
export type ReadingField = {
  /** What can be chosen; empty for any answer. */ choices: ReadingChoice[];
  /** What can be answered. */ kind: ReadingFieldKind;
  /** On which line it was read, from 1; 0 if on none. */ line: number;
  /** The same in English. */ of_en: string;
  /** What it belongs to: a line of cameras with its name. */ of_ko: string;
  /** Its path: `unit main.retention_days`. No two are the same. */ path: string;
  /** Where it comes from. */ state: ReadingFieldState;
  /** The same in English. */ text_en: string;
  /** What it is. */ text_ko: string;
  /** As it stands in the description; empty if it is asked. */ value: string;
};

/** What can be answered to a field. */
export type ReadingFieldKind = "text" | "number" | "date" | "choice";

/** Where a field of a draft comes from. */
export type ReadingFieldState = "read" | "assumed" | "asked";

/** Something that is wrong with a published text. */
export type ReadingFinding = {
  /** The article: `Dec 25(1)2`. */ law: string;
  /** On which line, from 1; 0 if it is missing from the whole text. */ line: number;
  /** The rule: `count.sum`. */ rule: string;
  /** The section of the line, as it is headed there; empty without one. */ section: string;
  /** How bad it is. */ severity: ReadingSeverity;
  /** The same in English. */ text_en: string;
  /** What is wrong and what to do. */ text_ko: string;
};

/** Cameras that stand together. */
export type ReadingGroup = {
  /** How many; null if it does not say. */ cameras?: number | null;
  /** What the text calls them. */ name: string;
};

/** A line of a published text. */
export type ReadingLine = {
  /** From 1. */ line: number;
  /** What stands there. */ text: string;
};

/** How bad a finding in a published text is. */
export type ReadingSeverity = "style" | "warning" | "error";

/** A version that a text speaks of. */
export type ReadingVersion = {
  /** The day of its announcement. */ announced?: string | null;
  /** Its first day. */ effective?: string | null;
};

/** Why something is done. */
export type Reason = {
  /** In a few words: 1 to 200 characters. */ reason: string;
};

/** Who did what for what purpose. */
export type RecordDetail = {
  /** `person:ID`, `os:UID`, `system:WORD` or `unknown`. */ actor: string;
  /** What others see of that person. */ actor_name?: string | null;
  /** The cameras it is about. */ cameras: NamedCamera[];
  from?: Time | null;
  /** What else is to be said. */ note?: string | null;
  /** A picture of what it says, JPEG or PNG, in standard base64. */ picture_base64?: string | null;
  purpose?: Purpose | null;
  to?: Time | null;
};

/** Asks for the record behind somebody else's act. The asking is an act itself. */
export type RecordRequest = {
  /** What it is for. */ purpose: Purpose;
};

/** Footage without a break. */
export type RecordedSpan = {
  /** `h264` or `h265`. */ codec: string;
  /** Beginning. */ from: Time;
  /** Whether it can be opened now: its keys are there, and its reel too. */ playable: boolean;
  /** End. */ to: Time;
};

/** A register of some days, as the ledger says it now. */
export type Register = {
  camera?: NamedCamera | null;
  /** Its columns. */ columns: RegisterColumn[];
  /** The first day in Korea, `2026-11-01`. */ from: string;
  /** The entry of its being read. */ ledger_entry: string;
  /** When it was made. */ made_at: Time;
  /** Which. */ name: RegisterName;
  /** What it does not say, and why. */ notes: RegisterNote[];
  /** Its rows, the oldest first. */ rows: RegisterRow[];
  /** What it is called, in Korean. */ title: string;
  /** The last day in Korea. */ until: string;
};

/** A column of a register. */
export type RegisterColumn = {
  /** The same in English. */ en: string;
  /** The word by which programs know it; stable. */ key: string;
  /** What it is called, in Korean. */ ko: string;
};

/** In which form a register is asked for. */
export type RegisterFormat = "json" | "html" | "pdf" | "hwpx" | "xlsx";

/** A register. */
export type RegisterName = "personal-video" | "destruction" | "requests" | "disclosures" | "access" | "rights" | "tickets" | "visits";

/** What stands beneath a register. */
export type RegisterNote = {
  /** In English. */ en: string;
  /** In Korean. */ ko: string;
};

/** A row of a register. */
export type RegisterRow = {
  /** One text for each column; times are those of Korea. */ cells: string[];
  /** The ledger's entry that it rests on, `2026/17`. */ entry: string;
  /** Whether the time of its details is up: they are destroyed, and the row says so. */ is_expired: boolean;
};

/** Puts another device at a camera's spot; the camera keeps its id and its footage. */
export type ReplaceDevice = {
  password?: Secret | null;
  /** Why, in a few words: 1 to 200 characters. */ reason: string;
  sub_url?: Secret | null;
  /** How its packets travel. */ transport: CameraTransport;
  /** `rtsp://…` of the feed that is kept. May hold name and password. */ url: Secret;
  /** The camera's sign-in name, if not in the address. */ username?: string | null;
};

/** Who asks for another. */
export type RequestAgent = {
  /** By what right. */ kind: RequestAgentKind;
  /** Who. */ person: RequestPerson;
  /** What he is to the requester. */ relation: string;
};

/** By what right somebody asks for another. */
export type RequestAgentKind = "power-of-attorney" | "legal-representative";

/** What a person asks for. */
export type RequestAsked = "existence" | "viewing" | "deletion";

/** Why whoever looks does not decide an objection. */
export type RequestBar = "decided" | "entered" | "received";

/** One request with who asks and why. */
export type RequestCase = {
  /** Of its cameras, those of which nothing of that time was kept at receipt. */ absent: Id[];
  /** The grounds on which the law of today lets it be refused. That others appear, or that the police is not there, is none. */ grounds: RequestGround[];
  /** The letters that answer it as it stands. */ letters: RequestLetters;
  /** What stands on the board. */ line: RequestLine;
  /** Who received it. */ received_by: string;
  request?: NewRequest | null;
  /** What happened since. */ steps: RequestStep[];
};

/** How a request came. */
export type RequestChannel = "counter" | "telephone" | "paper" | "web";

/** A day until which something is done, and why it is that day. */
export type RequestDay = {
  /** The articles by which it is counted, in Korean. */ article: string;
  /** `calendar`, `civil` or `petitions`. */ counting: string;
  /** `2026-09-27`. */ day: string;
};

/** What is decided of a request. */
export type RequestDecided = "granted" | "partly" | "refused" | "postponed" | "absent";

/** A decision. */
export type RequestDecision = {
  /** Which. */ decision: RequestDecided;
  /** Of `partly` and `refused`: the id of a ground that is in force today. */ ground?: string | null;
  /** The facts that make it a ground, or the reason of a postponement. */ text?: string;
  /** Of `postponed`: the day on which its reason ends, at most 60 days ahead. While an objection waits: the day to which its days are extended, once and by at most ten days. */ until?: string | null;
};

/** By when a request is answered. */
export type RequestDue = {
  /** The day to which the desk works: the earliest of all. */ day: string;
  /** The last day in each way of counting, from the strictest. */ days: RequestDay[];
  /** Days until then: 0 on that day, negative after it. */ days_left: number;
};

/** A request as the public form took it. */
export type RequestFront = {
  /** The number that the form showed, `W7K2-9QPM`: one request alone has it. */ receipt: string;
  /** When the form took it: the days are counted from then. At most 60 days ago. */ sealed_at: Time;
};

/** A ground of refusal that is in force today. */
export type RequestGround = {
  /** Which article says so. */ article: string;
  /** In English. */ en: string;
  /** Names it. */ id: string;
  /** In Korean. */ ko: string;
};

/** What is held for a request. */
export type RequestHold = {
  /** The hold. */ id: Id;
  /** How it stands. */ state: HoldState;
  /** When it lapses. */ until: Time;
};

/** A letter that can be had. */
export type RequestLetter = {
  /** Whether it names the day, time and place of a viewing, which the asker writes. */ has_appointment: boolean;
  /** Which. */ kind: LetterKind;
};

/** The letters that answer a request as it stands, and how they can be had. */
export type RequestLetters = {
  /** Those that it can be answered with. */ due: RequestLetter[];
  /** The forms in which they can be had now: PDF and HWPX where a press is there. */ formats: LetterFormat[];
  /** The institution in whose name they are written; none without a policy in force, and then there are none. */ sender?: string | null;
};

/** A request without who asks and why. */
export type RequestLine = {
  /** What is asked. */ asks: RequestAsked[];
  /** Which cameras. */ cameras: NamedCamera[];
  decision?: RequestDecided | null;
  due?: RequestDue | null;
  from?: Time | null;
  front?: RequestFront | null;
  hold?: RequestHold | null;
  /** The number of receipt, `2026-17`. */ id: string;
  identity_until?: Time | null;
  /** Whether whoever looks received it, and so does not decide it. */ mine: boolean;
  objectable?: RequestObjectable | null;
  objection?: RequestObjected | null;
  /** When it came in. */ received_at: Time;
  /** How it stands. */ state: RequestState;
  until?: Time | null;
};

/** Until when somebody can object. */
export type RequestObjectable = {
  /** The first day on which an objection can have come: that of the decision. */ from: string;
  /** Whether nobody would be left to decide it if whoever looks entered it: then another person enters it. */ is_for_another: boolean;
  /** The last; none while nobody told the decision. */ until?: string | null;
};

/** An objection (이의신청) that has to be decided; `due` of its line is then by when. */
export type RequestObjected = {
  bar?: RequestBar | null;
  /** The last day to which they can be extended; none if they were, or the days cannot be counted. */ extendable_until?: string | null;
  /** The day to which its fourteen days were extended. */ extended?: string | null;
  /** The day on which it came. */ on: string;
  /** To what. */ to: RequestDecided;
};

/** An objection as it came in. */
export type RequestObjection = {
  /** The day on which it came, `2026-11-30`: not before the decision, not ahead, and in time. */ on: string;
  /** What it says. */ text: string;
};

/** A person of a request. */
export type RequestPerson = {
  /** Address; may be empty. */ address?: string;
  /** Date of birth, `1980-01-31`; absent if not said. */ born?: string | null;
  /** Name. */ name: string;
  /** Telephone number. */ phone: string;
};

/** A remark beside a step. */
export type RequestRemark = {
  /** May be empty. Never a number of an identity document. */ remark?: string;
};

/** How a request stands. */
export type RequestState = "awaits-identity" | "awaits-decision" | "postponed" | "decided" | "done" | "objected" | "withdrawn" | "lapsed";

/** What happened to a request. */
export type RequestStep = {
  /** When. */ at: Time;
  /** Who did it. */ by: string;
  decision?: RequestDecided | null;
  /** Of a refusal: the id of its ground. */ ground?: string | null;
  /** Of an objection: the day on which it came. */ on?: string | null;
  /** What. */ step: RequestStepWord;
  /** The facts of a refusal, the reason of a postponement, the words of an objection, or a remark. */ text: string;
  /** Of a postponement: the day on which its reason ends; while an objection waits, to which it is extended. */ until?: string | null;
};

/** What happened to a request after its receipt. */
export type RequestStepWord = "identified" | "decided" | "done" | "objected" | "withdrawn";

/** All requests, those first that are due first. */
export type Requests = {
  /** The newest 500. */ requests: RequestLine[];
};

/** Keeps a camera's footage for a shorter time from now on. */
export type RetentionChange = {
  /** The longest that a frame is kept. */ retention_max_s: number;
};

/** What a person is appointed to do. */
export type Role = "administrator" | "manager" | "officer" | "operator" | "contractor" | "inspector";

/** How far the scrub is, which reads every reel once a week. */
export type ScrubHealth = {
  /** Bytes that the present pass has read. */ bytes: number;
  /** Reels that should be there, and with which something is wrong now. */ damaged: number;
  /** Bytes that it read. */ last_bytes: number;
  /** Reels that it found damaged or missing. */ last_damaged: number;
  last_ended_at?: Time | null;
  /** Reels that it read. */ last_reels: number;
};

/** A file that was sealed. */
export type SealedExport = {
  file_until?: Time | null;
  /** Its number of receipt. */ id?: string | null;
  kind?: ExportCaseKind | null;
  /** Number of its entry within the year: its receipt number. */ number: number;
  revoked_at?: Time | null;
  /** When it was sealed. */ sealed_at: Time;
  /** SHA-256 of the file up to its receipt. */ sha256: string;
  /** Year of its entry. */ year: number;
};

/** A password, a one-time link's secret, or a camera's address that may hold a password.
 * 
 * It crosses the wire but never a log: its `Debug` prints nothing of it, and it has no `Display`. */
export type Secret = string;

/** What a person saw of a promise. */
export type Seen = "seen-so" | "seen-otherwise";

/** What the server says on either socket. */
export type ServerMessage = {
  /** The act. */ act: Id;
  /** The ledger entry that holds it, as `2026/17`. */ ledger_entry: string;
  /** The recorder's time, so that the page can tell how old a picture is. */ now: Time;
  type: "opened";
  /** When the grant ends. */ until: Time;
} | {
  /** Its camera. */ camera: Id;
  /** Media time in seconds. */ media_start_s: number;
  /** For `MediaSource`: `video/mp4; codecs="avc1.64001f"`. */ mime: string;
  /** The tile. */ tile: number;
  type: "tile";
  /** Wall time of the media time `media_start_s`. */ wall_start: Time;
} | {
  cause?: GapCause | null;
  /** Beginning. */ from: Time;
  /** The tile. */ tile: number;
  to?: Time | null;
  type: "gap";
} | {
  /** What its connection is doing. */ state: CameraState;
  /** The tile. */ tile: number;
  type: "state";
} | {
  /** Whether only keyframes follow. */ keyframes_only: boolean;
  /** Number of the seek that this answers. */ number: number;
  /** How fast; below zero backwards. */ speed_percent: number;
  /** Where playing begins. */ to: Time;
  type: "sought";
} | {
  /** Beginning of the first column. */ from: Time;
  /** For each column 0 (as quiet as the quiet ones) to 255 (sixteen times as much or more); null where nothing was recorded. From the sizes of frames, not from their content: a camera that sends equally much whatever it sees shows nothing. */ levels: (number | null)[];
  /** Number of the question. */ number: number;
  /** The tile. */ tile: number;
  /** End of the last column. */ to: Time;
  type: "changes";
} | {
  /** The tile. */ tile: number;
  type: "end";
} | {
  /** Why. */ reason: CloseReason;
  type: "closed";
} | {
  /** Which of the closed set. */ code: ErrorCode;
  /** The same in English. */ message_en: string;
  /** What to do, in Korean. */ message_ko: string;
  type: "error";
};

/** One's own session. */
export type Session = {
  /** Who is signed in. */ account: SessionAccount;
  /** Seconds without a touch of the controls after which they lock. */ idle_limit_s: number;
  /** When they lock, if nothing is touched until then. */ locks_at: Time;
  /** Everything this person may do. */ permissions: Permission[];
  /** Whether the controls work. */ state: SessionState;
  ticket_until?: Time | null;
};

/** Who is signed in. */
export type SessionAccount = {
  /** What others see. */ display_name: string;
  /** The account. */ id: Id;
  /** The sign-in name. */ name: string;
  /** Appointments in force. */ roles: Role[];
};

/** Whether a signed-in person may touch the controls just now. */
export type SessionState = "active" | "locked";

/** How bad a finding is. */
export type Severity = "warning" | "error";

/** Signs a person in. */
export type SignIn = {
  /** The sign-in name. */ name: string;
  /** The password. */ password: Secret;
};

/** Whether an appointment gives rights at a moment. */
export type Standing = "holds" | "not-yet" | "over" | "off-duty";

/** One still: a single keyframe as a film of one frame, shown in a `<video>`. Never cached. */
export type Still = {
  /** The act under which it was taken. */ act: Id;
  /** Initialisation and one fragment, in standard base64. */ data_base64: string;
  /** The ledger entry that holds the act, as `2026/17`. */ ledger_entry: string;
  /** For example `video/mp4; codecs="avc1.64001f"`. */ media_type: string;
  /** When the frame was taken. */ taken_at: Time;
};

/** Asks for one still of a camera. */
export type StillRequest = {
  /** What it is for. */ purpose: Purpose;
};

/** What may be wrong with a picture that comes and is recorded. */
export type Suspected = "frozen" | "black";

/** What may be wrong with a picture, as far as the sizes of what is coded say. It is no gap. */
export type Suspicion = {
  /** Since when it looks so. */ since: Time;
  /** How sure that is, in percent. */ sure_percent: number;
  /** What may be wrong. */ what: Suspected;
};

/** Something that is due. */
export type Task = {
  /** The article that asks for it. */ article: string;
  /** The last day on which it is in time. */ due: string;
  /** What kind of thing. */ kind: TaskKind;
  /** Whether that day is over. */ overdue: boolean;
  /** The promise at which it is done; null if it is done at none. */ promise?: string | null;
  /** The same in English. */ text_en: string;
  /** What is to be done. */ text_ko: string;
  /** The version of the policy that it is about; null if it is about none. */ version?: number | null;
  /** Who sees to it; others with the right may as well. */ who: Role;
};

/** What kind of thing is due. */
export type TaskKind = "mend" | "attest" | "supervise" | "renew-contract" | "take-effect" | "law-changes" | "appoint" | "asset";

/** Everything that is due. Nothing of it is kept: it is computed when it is asked for, and a task is
 * gone when what it asks for is true. */
export type Tasks = {
  /** When it was looked. */ looked_at: Time;
  /** The most urgent first. */ tasks: Task[];
  /** The day that it was then, where the institution is: `2026-11-20`. */ today: string;
  /** The version of the policy from which tasks follow; null if none is in force. */ version?: number | null;
};

/** One ticket. */
export type Ticket = {
  /** The cameras that it is about; empty for the recorder as a whole. */ cameras: NamedCamera[];
  closed_at?: Time | null;
  /** Who closed it; null if nobody did. */ closed_by?: string | null;
  /** Who works, as others see that person. */ contractor: string;
  /** Who is with him. */ escort: string;
  /** From when it holds. */ from: Time;
  /** Number of its entry within the year. */ number: number;
  /** When. */ opened_at: Time;
  /** Who opened it. */ opened_by: string;
  /** What was done; null if nobody said. */ remark?: string | null;
  /** How it stands. */ state: TicketState;
  /** The first moment after it. */ until: Time;
  /** When the contractor was signed in, the first 64 times. */ visits: TicketVisit[];
  /** What is to be done; empty if its record is destroyed. */ work: string;
  /** Year of its entry in the ledger. */ year: number;
};

/** Which ticket is to be closed, and what was done. */
export type TicketClosing = {
  /** What was done: 1 to 500 characters. Sealed. */ remark: string;
};

/** Somebody who can be named on a ticket. */
export type TicketPerson = {
  /** What others see. */ display_name: string;
  /** The account. */ id: Id;
  /** The roles in force. */ roles: Role[];
};

/** How a ticket stands. */
export type TicketState = "planned" | "open" | "closed" | "lapsed";

/** One session of the contractor. */
export type TicketVisit = {
  /** When it began. */ from: Time;
  until?: Time | null;
};

/** All tickets. */
export type Tickets = {
  /** Whom one can be for; empty for who may not open one. */ contractors: TicketPerson[];
  /** Who can be with a contractor; likewise. */ escorts: TicketPerson[];
  /** The newest first, at most 200. */ tickets: Ticket[];
};

/** An instant: RFC 3339 in UTC, with at most six digits after the second. */
export type Time = string;

/** What was recorded of one camera between two instants. */
export type Timeline = {
  /** The camera. */ camera: Id;
  /** When what is there ends, oldest first. */ expiry: Expiry[];
  /** Beginning of what was asked for. */ from: Time;
  /** Where none is, and why, oldest first. */ gaps: Gap[];
  oldest?: Time | null;
  /** Where footage is, oldest first, without overlap. */ spans: RecordedSpan[];
  /** End of what was asked for. */ to: Time;
};

/** Unlocks one's own session. */
export type Unlock = {
  /** The password of the person whose session it is. */ password: Secret;
};

/** One visit. */
export type Visit = {
  /** Whether he was let in. */ admission: Admission;
  /** When he came. */ at: Time;
  /** Whether he agreed to the collection of his data. */ consent: Consent;
  detail?: VisitDetail | null;
  /** Whether he is in there. */ inside: boolean;
  left_at?: Time | null;
  /** SHA-256 of the text that he was shown. */ notice_sha256: string;
  /** Number of its entry within the year. */ number: number;
  withdrawn_at?: Time | null;
  /** Year of its entry in the ledger. */ year: number;
};

/** A controlled area. */
export type VisitArea = {
  /** Its id in the description. */ id: string;
  /** As published. */ name: string;
};

/** Who came. */
export type VisitDetail = {
  /** What the room was called. */ area: string;
  /** From where; likewise, and if nothing was said. */ body?: string | null;
  /** What for; likewise. */ business?: string | null;
  /** Who entered it. */ entered_by: string;
  /** Who of the institution was with him. */ escort: string;
  /** Who; null without consent, and once it was taken back. */ name?: string | null;
  /** Why he was not let in. */ reason?: string | null;
};

/** What a visitor is told before he is asked for consent. Public beside the log once it was shown. */
export type VisitNotice = {
  /** Its lines, in Korean: what for, what, for how long, what follows from a no. */ lines: string[];
  /** SHA-256 of the lines, each ended by a newline: its version. */ sha256: string;
};

/** The book. */
export type Visits = {
  /** The rooms of the policy in force; empty without one. */ areas: VisitArea[];
  /** Who can be with a visitor. */ escorts: TicketPerson[];
  /** What a visitor is told before he is asked for consent. */ notice: VisitNotice;
  /** The newest first, at most 200. */ visits: Visit[];
};

/** How one volume is. */
export type VolumeHealth = {
  /** What they take. */ bytes: number;
  /** Whole days until it is full, if cameras go on as in the last day; null if not within 400 days or nobody can say. */ days_left?: number | null;
  /** Room that is left. */ free_bytes: number;
  /** The volume. */ id: Id;
  /** Its path, or as much of it as helps to find it. */ path_label: string;
  /** Reels that lie on it. */ reels: number;
  /** How it is. */ state: PartState;
  /** Room altogether. */ total_bytes: number;
};

/** How the witnesses of the ledger stand. */
export type WitnessHealth = {
  cosigned_at?: Time | null;
  /** Entries of the open year that a quorum has cosigned. */ cosigned_size: number;
  /** How it is. */ state: PartState;
  /** Age of the oldest entry that no quorum has cosigned; 0 if there is none. */ waiting_s: number;
  /** Each of them, in the order of the policy. */ witnesses: OneWitness[];
};
