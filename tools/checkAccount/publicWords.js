// @ts-check
// The words from responses that a report is allowed to contain. Any other word could be personal
// data.

/** @param {string} text */
const words = (text) => text.trim().split(/\s+/);

/** The keys of Calltouch's API consist of these words. */
const KEY_WORDS = words(`
	account accounts action active ad add added additional additionally address adgroup ads adwords agent allowed amount api app
	attempt attempts attribution attributes attrs audio auto average balance base batch bind body browser budget by
	call callback callbacks callphase called caller calls calltouch campaign cancel category channel chat chats city client clients close
	closed code codes comment comments completed connect contact contacts content cookie cost count counter country create
	created creative criteria crm ct currency current custom customer data date dates day days dcm deal deals default delete
	deleted description details device diary direct domain download duration email emails empty end entity error errors event
	events external failed field fields file final first flag form format found from full funnel fio global goal google group
	groups gua hash hidden history host hostname hour hours id ids index info in input integer invalid ip is item items key keys
	keyword keywords language last lead leads length level limit link links list login manager managers manual map margin
	marked matched matching medium message messages meta method min minutes mode model modified name names new next node
	not note notes number numbers object offered old online operator options order orders origin origins os overwrite
	page pages paid parameter parameters parent party path payment phase phone phones phrase phrases planned pn pool position
	price product products profit quality quantity queue rating re real reason record records recording redirect ref reference
	region request requests required response responsible result results revenue role route sale sales screen seconds sent
	service session sessions set short sip site sites size sort source sources spam str stage stages start state status sub
	subject success successful sum system tag tags target task term text threshold time timestamp timezone title to token
	total tracked trace type types uniq unique unit unknown update updated url user users utm valid validation value values
	version violation violations visit visits waiting web widget with without word words work ya yandex zone
`);

const ENGLISH_WORDS = words(`
	a already also an and another any are argument array as at attempted available bad be been before belongs both but can
	cannot check conflict contain contains correct could denied did different do does duplicate each either enough entry every
	exceeded exist existing exists expected expired failure fields for forbidden found gateway given greater had has have high
	https http if illegal in incorrect instead into it its json less limits longer many missing month months more must need
	needed neither no nor null of on one only or other otherwise out parse permission permitted please present processed
	processing range read received refused rejected repeat same second server should specified string such support supported
	than that the their there this too try two unable unauthorized under unexpected unprocessable unsupported use used was
	were when where which while wrong year you your access accepted allowed after changed internal later entity large per
	rate temporarily unavailable exceeds format malformed body credentials media
`);

const RUSSIAN_WORDS = words(`
	а в за и к от с у без был была были было быть в валидации ваш вашего верный все вы вызов выше года данного данные данных дата даты дату
	день дней для до доступ доступа доступен доступна дубликат его ее если есть ещё еще же за заголовок задан задана заказ
	заказа заказов закрыт заполнено заполните заполнения запрещен запрещён запрос запроса запросе запросов запросы звонка
	звонок звонков значение значения и из или именем истек ключ код количество кабинет кабинета лимит лимита личного больше
	максимальное максимальный меньше месяца месяцев метод минимальное минимальный минуты много может можно на найден найдена
	найдено найдены направильный не неверный неверная неверное неверно невозможно недействителен недопустимое недопустимый
	недостаточно некорректная некорректно некорректное некорректные некорректный необходимо неправильный нет ни номер номера
	номером номеру о об обработке обратитесь обязателен обязательно обязательное обязательный один одинаковые ошибка ошибки
	отказано отсутствует параметр параметра параметре параметров параметры передан передана передано период периода по
	повторите позже поле поля пользователь пользователя попытку поддержки попробуйте превышен превышено превышает при принят
	произошла проверьте прав права раз раньше сайт сайта сделка сделки сделке сделку сервер сервера сервис сервиса системы слишком
	служба службу со создана создать создании состоянии статус статуса строка сумма суммы существует такая такой таким
	тип технической токен токена удалена удалить указан указана указано указать указаны уже уникальным уникальный
	формат формате формата час частые через числа число числом это
`);

const known = new Set([...KEY_WORDS, ...ENGLISH_WORDS, ...RUSSIAN_WORDS]);
const keyWords = new Set(KEY_WORDS);

/** The words in a name such as `orderNumber`, `order_number` or `OrderNumber`. @param {string} name */
function partsOf(name) {
	return name
		.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2')
		.toLowerCase()
		.split(/[ _-]+/);
}

/** Whether a report is allowed to show a word from an error message. @param {string} word */
function isKnownWord(word) {
	return partsOf(word).every((part) => known.has(part));
}

/** Whether a key consists only of words that are common in APIs. @param {string} key */
function isKnownKey(key) {
	return partsOf(key).every((part) => keyWords.has(part));
}

module.exports = { isKnownKey, isKnownWord };
